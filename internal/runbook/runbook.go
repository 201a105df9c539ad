package runbook

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/plain"
)

// Version of the file's format that this package writes and reads.
const Version = 1

// Runbook tells how to switch without Terraform. Fill every field but Version,
// which [Runbook.Write] sets.
type Runbook struct {
	// Version of the file's format.
	Version int `json:"version"`
	// WrittenAt is when the mappings were read.
	WrittenAt time.Time `json:"written_at"`
	// Workspace of Terraform from which it was written, "default" for the usual.
	Workspace string `json:"workspace"`
	// Region of the domain names, such as eu-central-1.
	Region string `json:"region"`
	// Variable is the Terraform variable that has to say the same afterwards.
	Variable string `json:"variable"`
	// Mappings to switch, in the order in which they are switched.
	Mappings []Mapping `json:"mappings"`
}

// Mapping is one base path of a domain.
type Mapping struct {
	Domain string `json:"domain"`
	// Path is "/" for the root, else "/" and one segment.
	Path        string             `json:"path"`
	Live        maintenance.Target `json:"live"`
	Maintenance maintenance.Target `json:"maintenance"`
	// Exempt is the mode where a setting of its own keeps the
	// path in that mode whatever the switch says; empty where it follows.
	Exempt maintenance.Mode `json:"exempt,omitempty"`
}

// URL of the base path.
func (m Mapping) URL() string { return "https://" + maintenance.HostOf(m.Domain) + m.Path }

// Target that the mapping has after a switch.
func (m Mapping) Target(direction maintenance.Direction) maintenance.Target {
	if direction == maintenance.On {
		return m.Maintenance
	}
	return m.Live
}

// ModeAfter a switch: its own where it is exempt.
func (m Mapping) ModeAfter(direction maintenance.Direction) maintenance.Mode {
	if m.Exempt != "" {
		return m.Exempt
	}
	return direction.Mode()
}

// ModeOfURL is the mode after a switch of the mapping that serves any URL below
// it: the longest base path of its domain that fits (fact D2). It is empty where
// none does.
func (r Runbook) ModeOfURL(raw string, direction maintenance.Direction) maintenance.Mode {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	domains := make([]string, len(r.Mappings))
	for i, m := range r.Mappings {
		domains[i] = m.Domain
	}
	domain := maintenance.DomainOf(u.Hostname(), domains)
	first, _, _ := strings.Cut(strings.TrimPrefix(u.Path, "/"), "/")
	for _, path := range []string{"/" + first, "/"} {
		for _, m := range r.Mappings {
			if m.Domain == domain && m.Path == path {
				return m.ModeAfter(direction)
			}
		}
	}
	return ""
}

// What AWS lets these be ("Amazon API Gateway Developer Guide", on custom domain
// names and on stages; base paths: fact D2). They are checked strictly because
// they end up in a shell and in the AWS CLI's shorthand syntax, where a comma
// would begin another patch operation: whoever can write the file must not be
// able to make it say anything else.
var (
	regionForm = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]+$`)
	domainForm = regexp.MustCompile(`^(\*\.)?([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z0-9-]+$`)
	pathForm   = regexp.MustCompile(`^/[A-Za-z0-9._$+!*'()-]*$`)
	apiIDForm  = regexp.MustCompile(`^[A-Za-z0-9-]+$`)
	stageForm  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,128}$`)
	// anyStage is also that of a mapping which names none: its callers do.
	anyStage = regexp.MustCompile(`^[A-Za-z0-9_-]{0,128}$`)
	nameForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_-]*$`)
)

// Validate says, in one error, everything that keeps the runbook from being
// used.
func (r Runbook) Validate() error {
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, fmt.Sprintf(format, args...)) }
	if r.WrittenAt.IsZero() {
		fault("written_at is missing")
	}
	if !regionForm.MatchString(r.Region) {
		fault("region %s is no AWS region, such as eu-central-1", quoted(r.Region))
	}
	if !nameForm.MatchString(r.Variable) {
		fault("variable %s is no name of a Terraform variable", quoted(r.Variable))
	}
	if len(r.Mappings) == 0 {
		fault("mappings is empty: there is nothing to switch")
	}
	seen := map[string]bool{}
	for i, m := range r.Mappings {
		for _, f := range m.faults() {
			fault("mappings[%d] (%s): %s", i, plain.Short(m.Domain+m.Path, wordShown), f)
		}
		if seen[m.URL()] {
			fault("mappings[%d] (%s): is there twice", i, plain.Short(m.Domain+m.Path, wordShown))
		}
		seen[m.URL()] = true
	}
	if len(faults) > 0 {
		return fmt.Errorf("the runbook cannot be used: %s", strings.Join(faults, "; "))
	}
	return nil
}

// wordShown is how much of a word from the file is repeated.
const wordShown = 80

func quoted(word string) string { return `"` + plain.Short(word, wordShown) + `"` }

func (m Mapping) faults() []string {
	var faults []string
	check := func(form *regexp.Regexp, name, value string) {
		if !form.MatchString(value) {
			faults = append(faults, fmt.Sprintf("%s %s is not what AWS allows", name, quoted(value)))
		}
	}
	check(domainForm, "domain", m.Domain)
	check(pathForm, "path", m.Path)
	check(apiIDForm, "live.api_id", m.Live.APIID)
	check(anyStage, "live.stage_name", m.Live.StageName)
	check(apiIDForm, "maintenance.api_id", m.Maintenance.APIID)
	check(stageForm, "maintenance.stage_name", m.Maintenance.StageName)
	if m.Live == m.Maintenance {
		faults = append(faults, "live and maintenance are the same target")
	}
	if !slices.Contains([]maintenance.Mode{"", maintenance.ModeLive, maintenance.ModeMaintenance}, m.Exempt) {
		faults = append(faults, fmt.Sprintf("exempt %s is neither live nor maintenance", quoted(string(m.Exempt))))
	}
	return faults
}
