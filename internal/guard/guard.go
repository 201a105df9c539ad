package guard

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/terraform"
)

// ErrNoPlan says that a text is not the JSON of a plan.
var ErrNoPlan = errors.New("it is neither a plan file nor a plan's JSON, as terraform show -json PLANFILE prints it")

// Plan is a plan as `terraform show -json` prints it.
type Plan struct {
	root object
	// text is what it was read from.
	text []byte
	// ephemerals are those that the JSON of Terraform's plans lacks; blind says
	// why they could not be read.
	ephemerals []terraform.Ephemeral
	blind      error
}

// Parse reads a plan's JSON. It takes everything that could be one: what is
// wrong with it is for [Check] to say. It fails with an error that wraps
// [ErrNoPlan].
func Parse(text []byte) (*Plan, error) {
	value, err := decode(text)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrNoPlan, err)
	}
	root, ok := value.(object)
	if !ok {
		return nil, ErrNoPlan
	}
	for _, name := range []string{"planned_values", "resource_changes", "output_changes", "configuration"} {
		if _, there := root[name]; there {
			return &Plan{root: root, text: text}, nil
		}
	}
	if _, there := root["values"]; there {
		return nil, fmt.Errorf("%w; it is a state", ErrNoPlan)
	}
	return nil, ErrNoPlan
}

// judge is one look at one plan.
type judge struct {
	direction     maintenance.Direction
	plan          object
	changes       []*change
	outputChanges object
	config        *configuration
	trust         *trust
	modes         []claim[maintenance.Mode]
	flow          *flow
	// mocks are the ids of the maintenance APIs, and apis the REST APIs that the
	// plan has, by id.
	mocks map[string]bool
	apis  map[string][]*change
	// documents are judged texts: why they are not a mock's.
	documents map[*change]string
	result    Result
}

// Check proves each effect that the apply of a plan would have to be part of a
// switch, and lists as violations all that it cannot prove.
func Check(plan *Plan, direction maintenance.Direction) Result {
	j := newJudge(plan.root, direction)
	j.flags()
	j.conditions()
	j.result.Violations = append(j.result.Violations, j.config.problems...)
	for _, part := range []struct {
		name  string
		state object
	}{{"prior_state", stateBefore(j.plan)}, {"planned_values", objectIn(j.plan, "planned_values")}} {
		if tooDeep(part.state) {
			j.refuse("plan", part.name, "its modules are nested deeper than this guard looks", wayPlan)
		}
	}
	j.result.Violations = append(j.result.Violations, union(j.config.openings(), plan.hidden())...)
	if len(j.trust.targets) == 0 {
		j.refuse("plan", "outputs", "no output of the state tells where base paths point", j.advice())
	}
	var redeployed, read []*change
	seen := map[string]bool{}
	for _, c := range j.changes {
		if twice := seen[c.address]; twice && c.address != "" {
			j.refuse(c.where, c.action, "the plan has it twice", wayPlan)
		}
		seen[c.address] = true
		switch found := j.resource(c); found {
		case redeploys:
			redeployed = append(redeployed, c)
		case reads:
			read = append(read, c)
		}
	}
	j.flow = readFlow(j.config, redeployed, read)
	j.outputs()
	return j.result
}

func newJudge(plan object, direction maintenance.Direction) *judge {
	j := &judge{
		direction: direction, plan: plan, outputChanges: objectIn(plan, "output_changes"), config: readConfiguration(plan),
		mocks: map[string]bool{}, apis: map[string][]*change{}, documents: map[*change]string{},
		result: Result{Switches: []Switch{}, Redeploys: []string{}, Untraced: []string{}, Violations: []Violation{}},
	}
	for index, raw := range listIn(plan, "resource_changes") {
		c := readChange(index, raw)
		j.changes = append(j.changes, c)
		if c.kind == restAPIType && c.mode == managed {
			if id := c.apiID(); id != "" {
				j.apis[id] = append(j.apis[id], c)
			}
		}
	}
	root := j.config.modules[""]
	j.trust = readTrust(plan, j.changes, root)
	j.modes = claims(j.trust, outputsPlanned(j.outputChanges), readMode, root)
	for _, c := range j.trust.targets {
		for _, pair := range c.values {
			j.mocks[pair.Maintenance.APIID] = true
		}
	}
	// An API that is some path's own is no mock, whatever else says so.
	for _, c := range j.trust.targets {
		for _, pair := range c.values {
			delete(j.mocks, pair.Live.APIID)
			delete(j.mocks, pair.ReadOnly.APIID)
		}
	}
	return j
}

// outputsPlanned are the values that the root's outputs will have, where they
// are known.
func outputsPlanned(changes object) map[string]any {
	outputs := map[string]any{}
	for name, raw := range changes {
		if c, _ := raw.(object); isSet(c, "after") && !unknown(c["after_unknown"]) {
			outputs[name] = c["after"]
		}
	}
	return outputs
}

func (j *judge) refuse(where, action, why, way string) {
	j.result.Violations = append(j.result.Violations, Violation{Address: where, Action: action, Why: why, Way: way})
}

// verdict is what a change turned out to be.
type verdict int

const (
	nothing verdict = iota
	refused
	reads
	switches
	redeploys
)

// resource judges one change.
func (j *judge) resource(c *change) verdict {
	no := func(why, way string) verdict {
		j.refuse(c.where, c.action, why, way)
		return refused
	}
	if why := c.broken(); why != "" {
		return no(why, wayPlan)
	}
	if why := c.moved(); why != "" {
		return no(why, wayDeploy)
	}
	switch {
	case c.does("no-op"):
		if !c.stays() {
			return no("its action is no-op, and yet its values would change", wayPlan)
		}
		return nothing
	case c.mode == ephemeral:
		if !harmlessEphemeral(c.kind) || !c.ofAWS() {
			v := opening(c.where)
			return no(v.Why, v.Way)
		}
		return reads
	case c.mode == data:
		if !c.does("read") || !slices.Contains(harmlessReads, c.kind) || !c.ofAWS() {
			return no("it is read while the plan is applied, and of data sources only "+strings.Join(harmlessReads, ", ")+" are known to do nothing else", wayDeploy)
		}
		return reads
	case c.kind == maintenance.MappingType:
		moved, why, way := j.mapping(c)
		if why != "" {
			return no(why, way)
		}
		j.result.Switches = append(j.result.Switches, moved)
		return switches
	}
	if why := j.other(c); why != "" {
		return no(why, wayDeploy)
	}
	j.result.Redeploys = append(j.result.Redeploys, c.address)
	return redeploys
}
