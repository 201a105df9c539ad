package main

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
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

With --run it makes the calls itself, with the credentials that the AWS CLI
would use: it lists the mappings, moves those that point to the other one of
their pair, in parallel within AWS's quotas, leaves alone what points
elsewhere, and probes and confirms as on and off do.

Afterwards Terraform's state says otherwise: status shows it as drift, and the
next deploy goes by the variable. Set the variable to the same, then deploy.`

func newBreakglass(io streams) *cobra.Command {
	var f breakglassFlags
	cmd := &cobra.Command{
		Use:   "breakglass on|off --runbook FILE",
		Short: "Print the AWS calls that switch, without Terraform or state",
		Long:  breakglassHelp,
		Example: "  maintenance status --save-runbook runbook.json   # ahead of time\n" +
			"  maintenance breakglass on --runbook runbook.json > switch.sh && sh switch.sh\n" +
			"  maintenance breakglass on --runbook runbook.json --run",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 || (args[0] != string(maintenance.On) && args[0] != string(maintenance.Off)) {
				return usageError("say which way: on or off")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			book, err := f.load()
			if err != nil {
				return err
			}
			direction := maintenance.Direction(args[0])
			if f.perform {
				return f.run(cmd.Context(), direction, book, io)
			}
			return f.print(direction, book, io)
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.file, "runbook", "", "the runbook `FILE`; required")
	flags.BoolVar(&f.perform, "run", false, "make the calls instead of printing them; the flags below are for that")
	flags.BoolVar(&f.json, "json", false, "one JSON object a line on stdout")
	flags.BoolVar(&f.autoApprove, "auto-approve", false, "switch without asking")
	f.addURLs(flags)
	flags.Lookup("url").Usage = "`URL` to probe (default: the runbook's base paths); repeatable"
	f.proofFlags.add(flags, true)
	f.probeFlags.add(flags)
	return cmd
}

type breakglassFlags struct {
	proofFlags
	file    string
	perform bool
}

func (f *breakglassFlags) load() (runbook.Runbook, error) {
	if f.file == "" {
		return runbook.Runbook{}, usageError("name the file with --runbook")
	}
	book, err := runbook.Load(f.file)
	if errors.Is(err, fs.ErrNotExist) {
		return book, usageError("--runbook: %v", err)
	}
	return book, err
}

// print prints the calls. Half a script is worse than none, so that one which
// could not be written as a whole is an error.
func (f *breakglassFlags) print(direction maintenance.Direction, book runbook.Runbook, io streams) error {
	shown := console.New(io.out, f.json)
	if !f.json {
		shown.Text(book.Script(direction))
		return unseen(shown, true)
	}
	for _, command := range book.Commands(direction) {
		shown.Object(struct {
			Event string `json:"event"`
			runbook.Command
		}{"call", command})
	}
	return unseen(shown, true)
}

// saveRunbook writes a runbook of a view's mappings, and returns its path. A
// runbook is for one region: of mappings in several there is one for each, with
// the region's name in that of its file.
func saveRunbook(ctx context.Context, path string, runner *terraform.Runner, view *guard.View, direction maintenance.Direction, region, variable string) (string, error) {
	workspace, err := runner.Workspace(ctx)
	if err != nil {
		return "", err
	}
	region = cmp.Or(region, regionOfEnvironment())
	books := map[string]*runbook.Runbook{}
	for _, m := range view.Mappings {
		targets, found := view.TargetsOf(m)
		if !found {
			continue // a mapping of somebody else's, which a switch does not move
		}
		at := cmp.Or(view.RegionOf(m), region)
		if books[at] == nil {
			books[at] = &runbook.Runbook{WrittenAt: time.Now().UTC().Truncate(time.Second), Workspace: workspace, Region: at, Variable: variable}
		}
		books[at].Mappings = append(books[at].Mappings, runbookEntry(view, m, targets, direction))
	}
	if len(books) < 2 {
		book := &runbook.Runbook{WrittenAt: time.Now().UTC().Truncate(time.Second), Workspace: workspace, Region: region, Variable: variable}
		for _, only := range books {
			book = only
		}
		return path, book.Save(path)
	}
	var written []string
	for _, at := range slices.Sorted(maps.Keys(books)) {
		ending := filepath.Ext(path)
		name := strings.TrimSuffix(path, ending) + "." + at + ending
		if err := books[at].Save(name); err != nil {
			return "", err
		}
		written = append(written, name)
	}
	return strings.Join(written, " and "), nil
}

// runbookEntry is a mapping's. Whether it has a mode of its own the targets tell;
// where those of an older module do not, the direction that the root was switched
// to does (empty where it is not known).
func runbookEntry(view *guard.View, m maintenance.Mapping, targets maintenance.Targets, direction maintenance.Direction) runbook.Mapping {
	entry := runbook.Mapping{Domain: m.Domain, Path: m.Path, Live: targets.Live, Maintenance: targets.Maintenance}
	mode := view.ModeOfURL(m.URL())
	switch {
	case targets.Told:
		entry.Exempt = targets.Own
	case direction != "" && mode != "" && mode != direction.Mode():
		entry.Exempt = mode
	}
	return entry
}

func regionOfEnvironment() string {
	if region := os.Getenv("AWS_REGION"); region != "" {
		return region
	}
	return os.Getenv("AWS_DEFAULT_REGION")
}
