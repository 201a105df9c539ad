package runbook

import (
	"strings"

	"al.essio.dev/pkg/shellescape"

	"apigateway-maintenance/internal/maintenance"
)

// Command is one call of the AWS CLI.
type Command struct {
	// What it does, in a sentence.
	What string `json:"what"`
	// Args are the program and its arguments, without quoting.
	Args []string `json:"args"`
	// Mapping that it switches; nil for a call that only looks.
	Mapping *Mapping `json:"mapping,omitempty"`
}

// String is the call as a POSIX shell reads it, on one line.
func (c Command) String() string {
	return shellescape.QuoteCommand(c.Args)
}

// RootPath is how API Gateway's control plane spells the root's base path
// ("Amazon API Gateway REST API Reference", UpdateBasePathMapping).
const RootPath = "(none)"

// Commands are the calls that switch every mapping which follows the switch,
// in the runbook's order: one in-place update each, of API and stage at once,
// as Terraform does it, so that no client finds the path unmapped. A path that
// is exempt has none.
func (r Runbook) Commands(direction maintenance.Direction) []Command {
	var commands []Command
	for _, m := range r.Mappings {
		if m.Exempt != "" {
			continue
		}
		to := m.Target(direction)
		commands = append(commands, Command{
			What: m.URL() + " to " + to.String(),
			Args: []string{
				"aws", "apigateway", "update-base-path-mapping",
				"--domain-name", m.Domain,
				"--base-path", m.BasePath(),
				"--patch-operations",
				"op=replace,path=/restapiId,value=" + to.APIID,
				"op=replace,path=/stage,value=" + to.StageName,
				"--region", r.Region,
			},
			Mapping: &m,
		})
	}
	return commands
}

// BasePath is the path as API Gateway's control plane spells it.
func (m Mapping) BasePath() string {
	if m.Path == "/" {
		return RootPath
	}
	return strings.TrimPrefix(m.Path, "/")
}

// Checks are the calls that tell where each domain's base paths point now.
func (r Runbook) Checks() []Command {
	var commands []Command
	seen := map[string]bool{}
	for _, m := range r.Mappings {
		if seen[m.Domain] {
			continue
		}
		seen[m.Domain] = true
		commands = append(commands, Command{
			What: "what " + m.Domain + " points to",
			Args: []string{"aws", "apigateway", "get-base-path-mappings", "--domain-name", m.Domain, "--region", r.Region, "--output", "table"},
		})
	}
	return commands
}
