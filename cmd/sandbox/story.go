package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/internal/sandbox"
	"apigateway-maintenance/internal/terraform"
	"apigateway-maintenance/internal/toolchain"
)

// inARow is how many right answers of each URL, one after another, confirm a switch.
const inARow = 20

const message = "Orders are closed while we move to a new database. Nothing you sent before is lost."

// demo is one run of the story.
type demo struct {
	options  demoOptions
	narrator *narrator
	dir      string
	tally    *tally

	stage     *sandbox.Sandbox
	runner    *terraform.Runner
	prober    *probe.Prober
	started   time.Time
	terraform time.Duration
}

func (d *demo) run(ctx context.Context) (*summary, error) {
	d.started = time.Now()
	if err := d.prepare(ctx); err != nil {
		return nil, err
	}
	if err := d.create(ctx); err != nil {
		return nil, err
	}
	on, err := d.flip(ctx, true)
	if err != nil {
		return nil, err
	}
	if err := d.show(ctx); err != nil {
		return nil, err
	}
	off, err := d.flip(ctx, false)
	if err != nil {
		return nil, err
	}
	if err := d.destroy(ctx); err != nil {
		return nil, err
	}
	return d.sum(on, off), nil
}

func (d *demo) close() error {
	var stage error
	if d.prober != nil {
		d.prober.Stop()
	}
	if d.stage != nil {
		stage = d.stage.Close()
	}
	return errors.Join(stage, os.RemoveAll(d.dir))
}

// prepare sets the stage, and the clients begin to ask before there is anything
// to answer them.
func (d *demo) prepare(ctx context.Context) error {
	d.narrator.heading("Preparing")
	var tools *toolchain.Toolchain
	err := d.narrator.step("find Terraform and the AWS provider", func() (err error) {
		tools, err = toolchain.Prepare(ctx, toolchain.EnsureOptions{Path: d.options.terraform})
		return err
	})
	if err != nil {
		return err
	}
	d.narrator.aside("%s", tools.Binary)
	err = d.narrator.step("start the embedded AWS and a backend; make a hosted zone and a certificate", func() (err error) {
		d.stage, err = sandbox.Start(ctx, emulator.Config{})
		return err
	})
	if err != nil {
		return err
	}
	vars := d.stage.Vars()
	vars["maintenance_message"] = message
	root, err := sandbox.CopyExample(d.dir, "basic", vars)
	if err != nil {
		return err
	}
	d.runner = tools.Runner(root, d.stage.Emulator.Env()...)
	// Terraform ends its provider itself, if it is given the time: one that is
	// only just starting takes seconds. Killed, it would leave the provider behind.
	d.runner.Grace = 20 * time.Second
	if d.options.verbose {
		d.runner.Stdout, d.runner.Stderr = d.narrator.out, d.narrator.out
	}
	return d.startProbing(ctx)
}

func (d *demo) startProbing(ctx context.Context) error {
	ca := filepath.Join(d.dir, "ca.pem")
	if err := os.WriteFile(ca, d.stage.Emulator.CACertPEM(), 0o600); err != nil {
		return err
	}
	config := d.stage.ProbeConfig(ca)
	config.URLs = d.urls()
	config.Rate = d.options.rate / float64(len(config.URLs))
	config.OnSample = d.tally.see
	prober, err := probe.New(config)
	if err != nil {
		return err
	}
	d.prober = prober
	return prober.Start(ctx)
}

func (d *demo) urls() []string {
	return []string{"https://" + sandbox.Domain + "/", "https://" + sandbox.Domain + "/orders/42/items"}
}

func (d *demo) create(ctx context.Context) error {
	d.narrator.heading("Applying examples/basic: a live API, the mock beside it, the domain, its record")
	if err := d.timed("terraform init", func() error { return d.runner.Init(ctx) }); err != nil {
		return err
	}
	if _, err := d.apply(ctx, "create"); err != nil {
		return err
	}
	if err := d.confirm(ctx, probe.Live); err != nil {
		return err
	}
	d.narrator.say("%s is live.", d.urls()[0])
	return nil
}

// flip switches as an operator does: one variable, one plan, one apply.
func (d *demo) flip(ctx context.Context, on bool) (*flip, error) {
	name, want := "off", probe.Live
	if on {
		name, want = "on", probe.Maintenance
	}
	d.narrator.heading(fmt.Sprintf("Switching maintenance %s: maintenance_mode = %t", name, on))
	f, err := d.apply(ctx, name, fmt.Sprintf("maintenance_mode=%t", on))
	if err != nil {
		return nil, err
	}
	if err := d.confirm(ctx, want); err != nil {
		return nil, err
	}
	d.measure(f, want)
	for _, change := range f.Changes {
		d.narrator.say("changed: %s", change)
	}
	d.narrator.say("Answers changed from %s to %s after the apply began; %d right answers in a row confirm it.", seconds(f.FirstChange), seconds(f.LastChange), inARow)
	return f, nil
}

// apply plans to a file and applies that file.
func (d *demo) apply(ctx context.Context, name string, vars ...string) (*flip, error) {
	file := filepath.Join(d.dir, name+".tfplan")
	if err := d.timed("terraform plan", func() error {
		_, err := d.runner.Plan(ctx, terraform.PlanOptions{Out: file, Vars: vars})
		return err
	}); err != nil {
		return nil, err
	}
	f := &flip{}
	if len(vars) > 0 {
		if err := d.timed("terraform show", func() error {
			plan, err := d.runner.ShowPlan(ctx, file)
			if err == nil {
				f.Changes = describe(terraform.Changes(plan))
			}
			return err
		}); err != nil {
			return nil, err
		}
	}
	f.began = time.Now()
	return f, d.timed("terraform apply", func() error {
		return d.runner.Apply(ctx, file, terraform.ApplyOptions{})
	})
}

func (d *demo) timed(what string, do func() error) error {
	start := time.Now()
	defer func() { d.terraform += time.Since(start) }()
	return d.narrator.step(what, do)
}

func (d *demo) confirm(ctx context.Context, want probe.Verdict) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	return d.prober.WaitFor(ctx, probe.All(want, d.urls()), inARow)
}

// show prints what a client gets in maintenance.
func (d *demo) show(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, d.urls()[1], strings.NewReader(`{"item":"tea"}`))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := d.stage.Emulator.HTTPClient().Do(request)
	if err != nil {
		return fmt.Errorf("ask for the maintenance answer: %w", err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return fmt.Errorf("read the maintenance answer: %w", err)
	}
	d.narrator.say("What a client gets, here for POST %s:", request.URL)
	d.narrator.aside("%s %s", response.Proto, response.Status)
	for _, name := range []string{"Content-Type", "Retry-After", "Cache-Control", "X-Maintenance-Mode", "Access-Control-Allow-Origin"} {
		d.narrator.aside("%s: %s", name, response.Header.Get(name))
	}
	d.narrator.aside("%s", body)
	if response.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(body), message) {
		return fmt.Errorf("the maintenance answer is not 503 with the message, but %s: %s", response.Status, body)
	}
	return nil
}

func (d *demo) destroy(ctx context.Context) error {
	d.narrator.heading("Destroying")
	d.tally.close()
	if err := d.timed("terraform destroy", func() error {
		return d.runner.Destroy(ctx, terraform.PlanOptions{})
	}); err != nil {
		return err
	}
	d.prober.Stop()
	return nil
}
