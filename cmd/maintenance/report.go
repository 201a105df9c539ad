package main

import (
	"os"
	"path/filepath"

	"apigateway-maintenance/internal/report"
	"apigateway-maintenance/internal/switchover"
	"apigateway-maintenance/internal/terraform"
)

// canWrite finds out before anything is applied that a report could not be
// written after it.
func canWrite(path string) error {
	if path == "" {
		return nil
	}
	trial, err := os.CreateTemp(filepath.Dir(path), ".report-*")
	if err != nil {
		return usageError("--report %s cannot be written: %v", path, err)
	}
	_ = trial.Close()
	return os.Remove(trial.Name())
}

// writeReport writes the HTML report of a switch, if there is anything to show.
func writeReport(path string, r switchover.Result, runner *terraform.Runner, variable string) error {
	data, ok := r.Report(runner, variable, version())
	if !ok {
		return nil
	}
	return report.Save(path, data)
}
