package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"apigateway-maintenance/internal/console"
	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/switchover"
	"apigateway-maintenance/internal/terraform"
)

const guardHelp = `Judge a plan that somebody else made, by the rules of on and off: exit 0 if it
does nothing but switch (or nothing at all), 3 if anything that its apply would
do is not proved to be part of a switch, saying for each what, where, why and
the way on. PLAN is a plan file of this root, relative to its folder, or the
JSON of one (terraform show -json); JSON needs no Terraform.

Give the plan file where you can: the JSON of Terraform's plans lacks ephemeral
resources, of which it then knows only those in the root's folder as it is now.

Without --direction a plan may switch either way, but all paths the same way.`

func newGuard(io streams) *cobra.Command {
	var f rootFlags
	var direction string
	var asJSON bool
	cmd := &cobra.Command{
		Use:     "guard PLAN",
		Short:   "Judge a plan: does it do nothing but switch?",
		Long:    guardHelp,
		Example: "  terraform plan -out=.tf-plan && maintenance guard .tf-plan\n  maintenance guard --direction on plan.json",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usageError("name one plan")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			directions := []maintenance.Direction{maintenance.On, maintenance.Off}
			switch maintenance.Direction(direction) {
			case maintenance.On, maintenance.Off:
				directions = []maintenance.Direction{maintenance.Direction(direction)}
			case "":
			default:
				return usageError("--direction must be on or off, not %q", direction)
			}
			plan, err := f.readPlan(cmd.Context(), args[0])
			if errors.Is(err, guard.ErrNoPlan) {
				return usageError("%s: %v", args[0], err)
			}
			if err != nil {
				return err
			}
			shown := console.New(io.out, asJSON)
			return errors.Join(judge(shown, plan, directions), unseen(shown, asJSON))
		},
	}
	flags := cmd.Flags()
	flags.SortFlags = false
	flags.StringVar(&f.chdir, "chdir", ".", "`FOLDER` of the root module")
	flags.StringVar(&f.binary, "terraform-bin", "", "Terraform or OpenTofu `BINARY` that made the plan (default: the one on PATH)")
	flags.StringVar(&direction, "direction", "", "let only `on|off` pass")
	flags.BoolVar(&asJSON, "json", false, "one JSON object on stdout")
	return cmd
}

// readPlan reads JSON as it is, and lets Terraform show anything else.
func (f *rootFlags) readPlan(ctx context.Context, name string) (*guard.Plan, error) {
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(f.chdir, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, usageError("%v", err)
	}
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) && !wrapped(text) {
		plan, err := guard.Parse(text)
		if err != nil {
			return nil, err
		}
		return plan.InRoot(f.chdir, os.Getenv("TF_DATA_DIR")), nil
	}
	if !bytes.HasPrefix(text, []byte(zipMark)) && !wrapped(text) {
		return nil, guard.ErrNoPlan
	}
	absolute, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	return f.showPlan(ctx, absolute)
}

// zipMark is what plan files of Terraform and OpenTofu begin with.
const zipMark = "PK\x03\x04"

// wrapped says that a JSON text is a plan file all the same: one that OpenTofu
// encrypted, or one that is kept by HCP Terraform.
func wrapped(text []byte) bool {
	var fields map[string]json.RawMessage
	if json.Unmarshal(text, &fields) != nil {
		return false
	}
	return fields["encrypted_data"] != nil || fields["remote_plan_format"] != nil
}

// showPlan lets the binary show the plan. Where both Terraform and OpenTofu are
// there, as on runners that serve many roots, the one that made the plan is the
// one that can read it; nothing else is decided by which it is.
func (f *rootFlags) showPlan(ctx context.Context, path string) (*guard.Plan, error) {
	runner, failed := f.runner(ctx)
	if failed == nil {
		return guard.Show(ctx, runner, path)
	}
	if f.binary != "" || terraform.KindOf(failed) != terraform.KindBinary {
		return nil, failed
	}
	for _, name := range []string{terraform.Terraform, terraform.OpenTofu} {
		named := rootFlags{chdir: f.chdir, binary: name}
		runner, err := named.runner(ctx)
		if err != nil {
			continue // not there, or too old: the other may do
		}
		plan, err := guard.Show(ctx, runner, path)
		if err == nil {
			return plan, nil
		}
		if terraform.KindOf(err) == terraform.KindNoPlan {
			failed = err
		}
	}
	return nil, failed
}

// judge tells the best of what the directions give: a plan that is pure in one
// of them, else the one with the fewest violations.
func judge(c *console.Console, plan *guard.Plan, directions []maintenance.Direction) error {
	best, chosen := guard.Result{}, maintenance.Direction("")
	for _, d := range directions {
		result := guard.Check(plan, d)
		if chosen == "" || len(result.Violations) < len(best.Violations) {
			best, chosen = result, d
		}
	}
	if c.JSON() {
		c.Object(struct {
			Event     string                `json:"event"`
			Pure      bool                  `json:"pure"`
			Direction maintenance.Direction `json:"direction"`
			guard.Result
		}{"guard", best.Pure(), chosen, best})
	}
	for _, s := range best.Switches {
		c.Line("%s  %s -> %s", s.URL(), s.From, s.Target)
	}
	for _, address := range best.Redeploys {
		c.Line("%s  (the maintenance API's text)", address)
	}
	for _, name := range best.Untraced {
		c.Line("output.%s  (changes as well; the plan does not show what it is made of)", name)
	}
	if !best.Pure() {
		return &switchover.RefusedError{Why: "the plan does more than switch:", Violations: best.Violations}
	}
	return nil
}
