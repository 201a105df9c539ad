package test

import (
	"encoding/json"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/test/harness"
)

// documented is a policy of docs/permissions.md.
type documented struct {
	Version   string
	Statement []map[string]any
}

// without leaves out the statement of that number.
func (d documented) without(t *testing.T, number int) string {
	t.Helper()
	kept := documented{Version: d.Version}
	for i, s := range d.Statement {
		if i != number {
			kept.Statement = append(kept.Statement, s)
		}
	}
	text, err := json.Marshal(kept)
	require.NoError(t, err)
	return string(text)
}

var policySection = regexp.MustCompile("(?s)\n## ([^\n]+)\n.*?```json\n(.*?)```")

// permissions are the policies of the document by heading, the placeholders
// replaced.
func permissions(t *testing.T, replaced map[string]string) map[string]documented {
	t.Helper()
	text, err := os.ReadFile("../docs/permissions.md")
	require.NoError(t, err)
	policies := map[string]documented{}
	for _, section := range policySection.FindAllStringSubmatch(string(text), -1) {
		body := section[2]
		for placeholder, value := range replaced {
			body = strings.ReplaceAll(body, placeholder, value)
		}
		var policy documented
		require.NoError(t, json.Unmarshal([]byte(body), &policy), section[1])
		policies[section[1]] = policy
	}
	require.Len(t, policies, 4)
	return policies
}

// needing are the commands that need a statement which a plan does not.
var needing = map[string][]string{
	"Records": {"destroy", "-input=false", "-auto-approve", "-target=module.domain.aws_route53_record.this"},
	"Changes": {"destroy", "-input=false", "-auto-approve", "-target=module.domain.aws_route53_record.this"},
}

// TestPermissions works under exactly the policies of docs/permissions.md, and
// under each of them less a statement.
func TestPermissions(t *testing.T) {
	t.Parallel()
	s := harness.NewStage(t, "basic", emulator.Config{}, nil)
	user := s.Emulator.FirstUser()
	replaced := map[string]string{"REGION": s.Emulator.Region(), "DOMAIN": "api.example.com", "ZONE-ID": s.ZoneID}
	const none = 99

	deploy := permissions(t, replaced)["A whole deploy of examples/basic"]
	require.NoError(t, user.SetPolicies(deploy.without(t, none)))
	s.Apply(map[string]any{"maintenance_mode": false})

	var targets map[string]maintenance.Targets
	s.Output("targets", &targets)
	replaced["LIVE-API-ID"], replaced["MOCK-API-ID"] = targets["/"].Live.APIID, targets["/"].Maintenance.APIID
	policies := permissions(t, replaced)
	o := s.Operator()
	book := s.Dir + "/runbook.json"
	user.AllowEverything()
	o.Require(0, "status", "--no-plan", "--save-runbook", book)

	for section, verbs := range map[string][][]string{
		"A switch":   {{"on", "--auto-approve"}, {"off", "--auto-approve"}},
		"breakglass": {{"breakglass", "on", "--runbook", book, "--run", "--auto-approve"}, {"breakglass", "off", "--runbook", book, "--run", "--auto-approve"}},
	} {
		policy := policies[section]
		for number, statement := range policy.Statement {
			require.NoError(t, user.SetPolicies(policy.without(t, number)))
			r := o.Run(verbs[0]...)
			assert.Equal(t, 1, r.Code, "%s without %s: %s", section, statement["Sid"], r.ErrOut)
			assert.Regexp(t, `AWS does not allow these credentials what is needed: .*(apigateway|route53):\w+ on (resource: )?arn:aws:`, r.ErrOut, statement["Sid"])
			assert.Equal(t, 1, strings.Count(strings.TrimSpace(r.ErrOut), "\n")+1, "one sentence: %s", r.ErrOut)
			if strings.Contains(r.ErrOut, "apigateway:PATCH") {
				// The provider writes an update that was refused into the state.
				user.AllowEverything()
				s.Apply(map[string]any{"maintenance_mode": false})
			}
		}
		require.NoError(t, user.SetPolicies(policy.without(t, none)))
		for _, args := range verbs {
			o.Require(0, args...)
		}
	}

	for number, statement := range deploy.Statement {
		require.NoError(t, user.SetPolicies(deploy.without(t, number)))
		sid := statement["Sid"].(string)
		args := needing[sid]
		if args == nil {
			args = []string{"plan", "-input=false"}
		}
		cmd := exec.CommandContext(t.Context(), harness.Toolchain.Binary.Path, args...)
		cmd.Dir, cmd.Env = s.Root, s.Runner().Env
		out, err := cmd.CombinedOutput()
		require.Error(t, err, sid)
		assert.Contains(t, string(out), "AccessDenied", sid)
	}
	require.NoError(t, user.SetPolicies(deploy.without(t, none)))
	s.Apply(map[string]any{"maintenance_mode": true, "maintenance_message": "Another."})
	s.Destroy(nil)
}
