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

	"apigateway-maintenance/internal/console"
	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/report"
	"apigateway-maintenance/internal/sandbox"
	"apigateway-maintenance/internal/switchover"
	"apigateway-maintenance/internal/terraform"
	"apigateway-maintenance/internal/toolchain"
)

// inARow is how many right answers of each URL, one after another, confirm a switch.
const inARow = 20

const message = "Orders are closed while we move to a new database. Nothing you sent before is lost."

// demo is one run of the story.
type demo struct {
	options demoOptions
	example example
	out     io.Writer
	shown   *console.Console
	dir     string

	stage   *sandbox.Sandbox
	caFile  string
	runner  *terraform.Runner
	started time.Time
}

func (d *demo) run(ctx context.Context) (*summary, error) {
	d.started = time.Now()
	if err := d.prepare(ctx); err != nil {
		return nil, err
	}
	if err := d.create(ctx); err != nil {
		return nil, err
	}
	on, err := d.switchTo(ctx, maintenance.On)
	if err != nil {
		return nil, err
	}
	if err := d.showAnswer(ctx); err != nil {
		return nil, err
	}
	off, err := d.switchTo(ctx, maintenance.Off)
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
	if d.stage != nil {
		stage = d.stage.Close()
	}
	return errors.Join(stage, os.RemoveAll(d.dir))
}

// prepare sets the stage.
func (d *demo) prepare(ctx context.Context) error {
	d.shown.Heading("Preparing")
	var tools *toolchain.Toolchain
	err := d.shown.Step("find Terraform and the AWS provider", func() (err error) {
		tools, err = toolchain.Prepare(ctx, toolchain.EnsureOptions{Path: d.options.terraform})
		return err
	})
	if err != nil {
		return err
	}
	d.shown.Line("    %s", tools.Binary)
	err = d.shown.Step("start the embedded AWS and a backend; make a hosted zone and a certificate", func() (err error) {
		d.stage, err = sandbox.Start(ctx, emulator.Config{})
		return err
	})
	if err != nil {
		return err
	}
	d.caFile = filepath.Join(d.dir, "ca.pem")
	if err := os.WriteFile(d.caFile, d.stage.Emulator.CACertPEM(), 0o600); err != nil {
		return err
	}
	vars := d.example.vars(d.stage)
	vars["maintenance_message"] = message
	root, err := sandbox.CopyExample(d.dir, d.example.name, vars)
	if err != nil {
		return err
	}
	if d.example.build != nil {
		if err := d.shown.Step("build the function", func() error { return d.example.build(ctx, root) }); err != nil {
			return err
		}
	}
	d.runner = tools.Runner(root, d.stage.Emulator.Env()...)
	// Terraform ends its provider itself, if it is given the time: one that is
	// only just starting takes seconds. Killed, it would leave the provider behind.
	d.runner.Grace = 20 * time.Second
	if d.options.verbose {
		d.runner.Stdout, d.runner.Stderr = d.out, d.out
	}
	return nil
}

func (d *demo) urls() []string {
	var urls []string
	for _, path := range d.example.paths {
		urls = append(urls, "https://"+sandbox.Domain+path)
	}
	return urls
}

func (d *demo) create(ctx context.Context) error {
	d.shown.Heading(fmt.Sprintf("Applying examples/%s: %s", d.example.name, d.example.what))
	file := filepath.Join(d.dir, "create.tfplan")
	for _, step := range []struct {
		what string
		do   func() error
	}{
		{"terraform init", func() error { return d.runner.Init(ctx) }},
		{"terraform plan", func() error {
			_, err := d.runner.Plan(ctx, terraform.PlanOptions{Out: file})
			return err
		}},
		{"terraform apply", func() error { return d.runner.Apply(ctx, file, terraform.ApplyOptions{}) }},
	} {
		if err := d.shown.Step(step.what, step.do); err != nil {
			return err
		}
	}
	d.shown.Line("  %s is live.", d.urls()[0])
	return d.showCalls(ctx)
}

// switchTo switches as the command does, and writes the report.
func (d *demo) switchTo(ctx context.Context, direction maintenance.Direction) (switchover.Result, error) {
	d.shown.Heading(fmt.Sprintf("$ maintenance %s", direction))
	config := d.stage.ProbeConfig(d.caFile)
	config.URLs = d.urls()
	config.Rate = d.options.rate / float64(len(config.URLs))
	result, err := switchover.Run(ctx, switchover.Options{
		Direction: direction, Runner: d.runner, Probe: config, Confirm: inARow, Timeout: 30 * time.Second, Emit: d.shown.Event,
	})
	if err != nil {
		return result, err
	}
	d.shown.Result(result, "")
	data, ok := result.Report(d.runner, maintenance.DefaultVariable, "sandbox demo")
	if !ok {
		return result, errors.New("nothing was probed, so there is no report")
	}
	if err := d.makeReports(); err != nil {
		return result, err
	}
	path := d.reportOf(direction)
	if err := report.Save(path, data); err != nil {
		return result, err
	}
	d.shown.Line("report: %s", path)
	return result, nil
}

// makeReports makes the folder for the reports, only once there is one to keep.
func (d *demo) makeReports() (err error) {
	if d.options.reports == "" {
		d.options.reports, err = os.MkdirTemp("", "maintenance-reports-")
		return err
	}
	return os.MkdirAll(d.options.reports, 0o755)
}

func (d *demo) reportOf(direction maintenance.Direction) string {
	return filepath.Join(d.options.reports, "demo-"+string(direction)+".html")
}

// showAnswer prints what a client gets in maintenance.
func (d *demo) showAnswer(ctx context.Context) error {
	asked := call{http.MethodPost, d.example.paths[1], `{"item":"tea"}`}
	response, body, err := d.ask(ctx, asked)
	if err != nil {
		return err
	}
	d.shown.Heading("What a client gets, here for POST " + d.urls()[1])
	d.shown.Line("  %s %s", response.Proto, response.Status)
	for _, name := range []string{"Content-Type", "Retry-After", "Cache-Control", maintenance.MarkerHeader, "Access-Control-Allow-Origin"} {
		d.shown.Line("  %s: %s", name, response.Header.Get(name))
	}
	d.shown.Line("  %s", body)
	if response.StatusCode != http.StatusServiceUnavailable || !strings.Contains(body, message) {
		return fmt.Errorf("the maintenance answer is not 503 with the message, but %s: %s", response.Status, body)
	}
	return nil
}

func (d *demo) destroy(ctx context.Context) error {
	d.shown.Heading("Destroying")
	return d.shown.Step("terraform destroy", func() error { return d.runner.Destroy(ctx, terraform.PlanOptions{}) })
}
