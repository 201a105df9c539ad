package switchover

import (
	"context"
	"time"

	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/internal/terraform"
)

// Defaults of [Options].
const (
	DefaultConfirm = 5
	DefaultTimeout = 2 * time.Minute
	// DefaultApplyTimeout is the command's.
	DefaultApplyTimeout = 10 * time.Minute
)

// baselineWait is how long the first answers may take before the apply begins
// all the same: a domain that does not answer is no reason to keep it in the
// state it is in.
const baselineWait = 3 * time.Second

// Options of one switch.
type Options struct {
	Direction maintenance.Direction
	Runner    *terraform.Runner
	// Variable of the root that switches.
	Variable string
	// Plan holds what else the plan is given. Its Out, Targets and Destroy are
	// not used.
	Plan terraform.PlanOptions

	// NoRefresh plans from the state as it is. What it believes is checked by what
	// clients get; where they disagree the plan is made again with a refresh.
	NoRefresh bool
	// OnlySwitch plans with -target on the mappings alone.
	OnlySwitch bool
	// AllowOtherChanges lets the plan through whatever else it does.
	AllowOtherChanges bool

	// Probe tells how to ask. Its URLs, where given, stand for the root's.
	Probe probe.Config
	// ApplyTimeout is how long the apply may take before Terraform is asked to
	// stop; zero bounds nothing.
	ApplyTimeout time.Duration
	// Confirm is how many right answers in a row each URL has to give.
	Confirm int
	// Timeout of the confirmation, from the end of the apply.
	Timeout time.Duration
	// Drain is how long a request may run that began before the switch; the
	// switch ends only when the last of them can have ended.
	Drain time.Duration
	// Preflight are URLs of the backend that must be live before switching off.
	Preflight []string
	// Save writes the variable's value into the root's maintenance.auto.tfvars.json.
	Save bool

	// Approve asks whether to apply; nil applies unasked.
	Approve func(ctx context.Context, preview Preview) (bool, error)
	// Emit takes the events; it must not block and must be safe for concurrent
	// use, since answers come while other things happen.
	Emit func(Event)
	// OnPlan gets a plan that will be applied before it is; an error keeps it
	// from being applied.
	OnPlan func(Preview) error
}

func (o Options) withDefaults() Options {
	if o.Variable == "" {
		o.Variable = maintenance.DefaultVariable
	}
	if o.Confirm == 0 {
		o.Confirm = DefaultConfirm
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.Emit == nil {
		o.Emit = func(Event) {}
	}
	return o
}

// value is what the variable is set to.
func (o Options) value() bool { return o.Direction == maintenance.On }
