package runbook

import (
	"fmt"
	"strings"
	"time"

	"al.essio.dev/pkg/shellescape"

	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/plain"
)

// Script is what breakglass prints: a POSIX sh script that shows the mappings,
// switches them one after another, shows them again, and says in its comments
// what has to be done afterwards. A call that fails keeps none of the others
// from being made, and the script then exits with 1; run again it is harmless,
// since an update to what is already there changes nothing.
func (r Runbook) Script(direction maintenance.Direction) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, "# "+format+"\n", args...) }
	verb := "Out of service"
	if direction == maintenance.Off {
		verb = "Back in service"
	}
	b.WriteString("#!/bin/sh\n")
	say("%s without Terraform: maintenance %s by the AWS CLI.", verb, direction)
	say("From a runbook of %s (workspace %s): look whether the ids are still right.", r.WrittenAt.UTC().Format(time.RFC3339), comment(r.Workspace))
	say("Needs credentials that may PATCH these domain names' base path mappings, and GET to look.")
	b.WriteString("set -eu\n")
	b.WriteString("export AWS_PAGER=''\nfailed=0\n\n")
	say("Before.")
	writeCalls(&b, r.Checks(), couldNotLook)
	b.WriteString("\n")
	say("The switch.")
	writeCalls(&b, r.Commands(direction), "failed=1")
	for _, m := range r.Mappings {
		if m.Exempt != "" {
			say("%s stays %s: it has a setting of its own.", m.URL(), m.Exempt)
		}
	}
	b.WriteString("\n")
	say("After.")
	writeCalls(&b, r.Checks(), couldNotLook)
	b.WriteString("\n")
	b.WriteString("if [ \"$failed\" != 0 ]; then echo 'NOT EVERY MAPPING SWITCHED: see above, and run this again' >&2; exit 1; fi\n\n")
	for _, line := range r.Afterwards(direction) {
		say("%s", line)
	}
	return b.String()
}

// couldNotLook goes on: a look is not the switch.
const couldNotLook = "echo 'could not look' >&2"

func writeCalls(b *strings.Builder, commands []Command, otherwise string) {
	for _, c := range commands {
		fmt.Fprintf(b, "# %s\n%s || %s\n", c.What, c, otherwise)
	}
}

// comment keeps a name from ending the comment it stands in, and from acting on
// the terminal that shows it.
func comment(name string) string { return plain.Short(strings.Join(strings.Fields(name), " "), 90) }

// Afterwards says, a sentence a line, what to do after a switch by hand.
func (r Runbook) Afterwards(direction maintenance.Direction) []string {
	urls := make([]string, 0, len(r.Mappings))
	for _, m := range r.Mappings {
		if m.Exempt == "" {
			urls = append(urls, shellescape.Quote(m.URL()))
		}
	}
	return []string{
		r.Unrecorded(direction),
		"Then a plan must show no changes. See what clients get with:",
		"  maintenance verify --expect=" + string(direction) + " " + strings.Join(urls, " "),
	}
}

// Unrecorded says what Terraform does not know after a switch without it.
func (r Runbook) Unrecorded(direction maintenance.Direction) string {
	return fmt.Sprintf("Terraform does not know of this: until %s = %t where the pipeline reads it, every plan shows drift, "+
		"and the next apply turns the mappings back. Set it there before anything else is deployed.", r.Variable, direction.Value())
}
