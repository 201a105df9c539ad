package test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// finding is what AWS answered to an open question of docs/facts.md.
type finding struct{ about, question, answer string }

// reportEnv names the file that TestAWS writes.
const reportEnv = "MAINTENANCE_AWS_REPORT"

// report sets an account's answers beside those of the embedded AWS.
func report(account, embedded []finding, hide func(string) string) string {
	expected := map[string]string{}
	for _, f := range embedded {
		expected[f.question] = f.answer
	}
	var text strings.Builder
	fmt.Fprint(&text, "# What this account answered\n\nWritten by `TestAWS`. Names of domains, APIs and accounts are replaced. Facts are those of docs/facts.md.\n\n",
		"| fact | question | this account | embedded AWS | |\n|---|---|---|---|---|\n")
	for _, f := range account {
		verdict := "same"
		if hide(f.answer) != hide(expected[f.question]) {
			verdict = "**differs**"
		}
		fmt.Fprintf(&text, "| %s | %s | %s | %s | %s |\n", f.about, cell(f.question), cell(hide(f.answer)), cell(hide(expected[f.question])), verdict)
	}
	return text.String()
}

func cell(text string) string { return strings.NewReplacer("|", `\|`, "\n", " ").Replace(text) }

var (
	apiHost   = regexp.MustCompile(`\b[a-z0-9-]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com`)
	accountID = regexp.MustCompile(`\b\d{12}\b`)
	requestID = regexp.MustCompile(`(?i)request ?id:? ?"?[0-9a-f-]{20,}"?,? ?`)
)

// hide replaces what tells one account from another.
func (a *awsTarget) hide(text string) string {
	text = strings.ReplaceAll(text, a.vars["domain_name"].(string), "DOMAIN")
	text = apiHost.ReplaceAllString(text, "API.execute-api.REGION.amazonaws.com")
	return accountID.ReplaceAllString(requestID.ReplaceAllString(text, ""), "ACCOUNT")
}

// write puts the report where the first user finds it.
func (a *awsTarget) write(t *testing.T, account, embedded []finding) {
	t.Helper()
	text := report(account, embedded, a.hide)
	t.Log("observed, not judged:\n" + text)
	file := os.Getenv(reportEnv)
	if file == "" {
		file = "aws-report.md"
	}
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	t.Logf("the report is in test/%s: please send it with an issue", file)
}

// TestTheReportNamesNoAccount looks for what a report that is sent on must not
// hold.
func TestTheReportNamesNoAccount(t *testing.T) {
	target := &awsTarget{vars: map[string]any{"domain_name": "secret.example.org"}}
	const told = "403 | at secret.example.org and a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com of 999999999999, RequestID: 0b6a7f0c-1111-2222-3333-444455556666, x"
	text := report([]finding{{"H7", "why?", told}, {"H1", "same?", "yes"}}, []finding{{"H7", "why?", "403"}, {"H1", "same?", "yes"}}, target.hide)
	for _, secret := range []string{"secret.example.org", "a1b2c3d4e5", "999999999999", "0b6a7f0c"} {
		assert.NotContains(t, text, secret)
	}
	assert.Contains(t, text, `| H7 | why? | 403 \| at DOMAIN and API.execute-api.REGION.amazonaws.com of ACCOUNT, x | 403 | **differs** |`)
	assert.Contains(t, text, "| H1 | same? | yes | yes | same |")
}
