package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"apigateway-maintenance/internal/console"
	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/runbook"
	"apigateway-maintenance/internal/terraform"
)

const breakglassHelp = `Print the AWS CLI calls that switch each base path mapping, from a runbook file
that on, off or status wrote earlier (--save-runbook). It reads nothing but
that file and calls nothing: run what it prints where the AWS CLI has
credentials, such as with "sh switch.sh".

Afterwards Terraform's state says otherwise: status shows it as drift, and the
next deploy goes by the variable. Set the variable to the same, then deploy.`

func newBreakglass(io streams) *cobra.Command {
	var file string
	var asJSON bool
	cmd := &cobra.Command{
		Use:   "breakglass on|off --runbook FILE",
		Short: "Print the AWS calls that switch, without Terraform or state",
		Long:  breakglassHelp,
		Example: "  maintenance status --save-runbook runbook.json   # ahead of time\n" +
			"  maintenance breakglass on --runbook runbook.json > switch.sh && sh switch.sh",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || (args[0] != string(maintenance.On) && args[0] != string(maintenance.Off)) {
				return usageError("say which way: on or off")
			}
			return nil
		},
		RunE: func(_ *cobra.Command, args []string) error {
			if file == "" {
				return usageError("name the file with --runbook")
			}
			book, err := runbook.Load(file)
			if errors.Is(err, fs.ErrNotExist) {
				return usageError("--runbook: %v", err)
			}
			if err != nil {
				return err
			}
			shown := console.New(io.out, asJSON)
			if !asJSON {
				shown.Text(book.Script(maintenance.Direction(args[0])))
				return nil
			}
			for _, command := range book.Commands(maintenance.Direction(args[0])) {
				shown.Object(struct {
					Event string `json:"event"`
					runbook.Command
				}{"call", command})
			}
			return nil
		},
	}
	cmd.Flags().SortFlags = false
	cmd.Flags().StringVar(&file, "runbook", "", "the runbook `FILE`; required")
	cmd.Flags().BoolVar(&asJSON, "json", false, "one JSON object a line on stdout, a call each")
	return cmd
}

// saveRunbook writes a runbook of a view's mappings. Which of them have a mode
// of their own the targets tell; where those of an older module do not, the
// direction that the root was switched to does (empty where it is not known).
func saveRunbook(ctx context.Context, path string, runner *terraform.Runner, view *guard.View, direction maintenance.Direction, region, variable string) error {
	workspace, err := runner.Workspace(ctx)
	if err != nil {
		return err
	}
	if region == "" {
		region = regionOfEnvironment()
	}
	book := runbook.Runbook{WrittenAt: time.Now().UTC().Truncate(time.Second), Workspace: workspace, Region: region, Variable: variable}
	for _, m := range view.Mappings {
		targets, found := view.TargetsOf(m)
		if !found {
			continue // a mapping of somebody else's, which a switch does not move
		}
		entry := runbook.Mapping{Domain: m.Domain, Path: m.Path, Live: targets.Live, Maintenance: targets.Maintenance}
		mode := view.ModeOfURL(m.URL())
		switch {
		case targets.Told:
			entry.Exempt = targets.Own
		case direction != "" && mode != "" && mode != direction.Mode():
			entry.Exempt = mode
		}
		book.Mappings = append(book.Mappings, entry)
	}
	return book.Save(path)
}

func regionOfEnvironment() string {
	if region := os.Getenv("AWS_REGION"); region != "" {
		return region
	}
	return os.Getenv("AWS_DEFAULT_REGION")
}
