package report

import (
	"time"

	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
)

// Result says how a switch went, for the report's headline.
type Result string

// The results.
const (
	// Confirmed: every URL answered as expected.
	Confirmed Result = "confirmed"
	// Unconfirmed: applied, but the answers were not all right in time.
	Unconfirmed Result = "unconfirmed"
	// Failed: the apply failed, or was interrupted.
	Failed Result = "failed"
	// Unchanged: nothing was applied.
	Unchanged Result = "unchanged"
)

// Data is what a report tells.
type Data struct {
	// Direction of the switch.
	Direction maintenance.Direction
	// Result and Outcome: the outcome is the one sentence that the command
	// also prints at its end.
	Result  Result
	Outcome string
	// Title names the switched thing, such as its domain names. Empty takes the
	// hosts of the probed URLs.
	Title string
	// Summary of what was probed, from before the apply until its confirmation.
	Summary probe.Summary
	// Expected verdict of each URL after the switch; may be empty.
	Expected probe.Expected
	// Changes that the plan made.
	Changes []Change
	// Guard says in a sentence what the guard found; may be empty.
	Guard string
	// Started and Finished: when the command began and ended.
	Started, Finished time.Time
	// Root is the Terraform root module's folder and Workspace its workspace.
	Root, Workspace string
	// Variable is the switch's Terraform variable.
	Variable string
	// Kit and Terraform are versions, such as "1.0.0" and "Terraform 1.11.4".
	Kit, Terraform string
	// Notes are further sentences for the reader: where the variable has to say
	// the same, the way back. No values of other variables.
	Notes []string
}

// Change is one change of the plan.
type Change struct {
	// Address of the resource and the Action that is planned, such as "update".
	Address, Action string
	// Before and After of a base path mapping; nil for other resources.
	Before, After *maintenance.Target
}
