package main

import (
	"apigateway-maintenance/internal/file"
	"apigateway-maintenance/internal/report"
	"apigateway-maintenance/internal/switchover"
	"apigateway-maintenance/internal/terraform"
)

// checkFiles finds out before anything is planned that a file could not be
// written when the switch is made.
func (f *switchFlags) checkFiles() error {
	for _, named := range [][2]string{{"report", f.report}, {"save-runbook", f.runbook}} {
		if named[1] == "" {
			continue
		}
		if err := file.Check(named[1]); err != nil {
			return usageError("%s: %v", source(named[0], named[1]), err)
		}
	}
	if !f.save {
		return nil
	}
	if err := switchover.CheckSave(f.chdir); err != nil {
		return usageError("--save: %v", err)
	}
	return nil
}

// writeReport writes the HTML report of a switch, if there is anything to show.
func writeReport(path string, r switchover.Result, runner *terraform.Runner, variable string) (written bool, err error) {
	data, ok := r.Report(runner, variable, version())
	if !ok {
		return false, nil
	}
	return true, report.Save(path, data)
}
