package test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/guard"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/terraform"
	"apigateway-maintenance/test/harness"
)

// TestPlansOfASwitch has the switches planned of which internal/guard keeps
// recordings, and gives each to the guard and to the policy as it is. With
// RECORD=1 it records them anew.
func TestPlansOfASwitch(t *testing.T) {
	t.Parallel()
	const mapping = "module.domain.aws_api_gateway_base_path_mapping.this"
	on, later := "maintenance_mode=true", "message=Later."
	plans := []struct {
		name      string
		direction maintenance.Direction
		vars      []string
		targets   []string
	}{
		{"on", maintenance.On, []string{on}, nil},
		{"redeploy", maintenance.On, []string{on, later}, nil},
		{"targeted", maintenance.On, []string{on}, []string{mapping}},
		{"off", maintenance.Off, nil, nil},
	}
	for binary, tools := range harness.Toolchains(t) {
		t.Run(binary, func(t *testing.T) {
			t.Parallel()
			s := harness.NewFixtureWith(t, tools, "guarded", emulator.Config{}, nil)
			s.SetOnly(map[string]any{"certificate_arn": s.CertificateARN, "zone_id": s.ZoneID})
			s.Apply(nil)
			for _, p := range plans {
				if p.direction == maintenance.Off {
					s.Apply(map[string]any{"maintenance_mode": true})
				}
				file := filepath.Join(s.Dir, p.name+".tfplan")
				_, err := s.Runner().Plan(t.Context(), terraform.PlanOptions{Out: file, Vars: p.vars, Targets: p.targets})
				require.NoError(t, err)
				text, err := s.Runner().ShowPlanJSON(t.Context(), file)
				require.NoError(t, err)
				requirePure(t, binary+"-"+p.name, text, p.direction)
				if os.Getenv("RECORD") != "" {
					record(t, binary+"-"+p.name, text)
				}
			}
		})
	}
}

func requirePure(t *testing.T, name string, text []byte, direction maintenance.Direction) {
	t.Helper()
	plan, err := guard.Parse(text)
	require.NoError(t, err)
	result := guard.Check(plan, direction)
	require.Empty(t, result.Violations, name)
	require.Len(t, result.Switches, 1, name)
	policy, err := os.ReadFile("../policies/maintenance.rego")
	require.NoError(t, err)
	var document any
	require.NoError(t, json.Unmarshal(text, &document))
	found, err := rego.New(
		rego.Query("data.env0.pending"), rego.Module("maintenance.rego", string(policy)), rego.Input(map[string]any{"plan": document}),
	).Eval(t.Context())
	require.NoError(t, err)
	require.Empty(t, found[0].Expressions[0].Value, name)
}

// record keeps a plan without what no rule looks at, and with a short mock.
func record(t *testing.T, name string, text []byte) {
	t.Helper()
	var plan map[string]any
	require.NoError(t, json.Unmarshal(text, &plan))
	delete(plan, "relevant_attributes")
	if drift, _ := plan["resource_drift"].([]any); len(drift) > 1 {
		plan["resource_drift"] = drift[:1]
	}
	shorten(plan)
	short, err := json.MarshalIndent(plan, "", " ")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join("..", "internal", "guard", "testdata", "plans", name+".json"), append(short, '\n'), 0o644))
}

// shorten drops descriptions of variables and outputs, and shortens the mock's
// text wherever it is.
func shorten(value any) {
	switch value := value.(type) {
	case []any:
		for _, inner := range value {
			shorten(inner)
		}
	case map[string]any:
		for name, inner := range value {
			if text, _ := inner.(string); name == "body" && strings.Contains(text, "x-amazon-apigateway-gateway-responses") {
				value[name] = shortened(text)
				continue
			}
			if name == "variables" {
				withoutDescriptions(inner)
			}
			if o, _ := inner.(map[string]any); o["expression"] != nil {
				delete(o, "description")
			}
			shorten(inner)
		}
	}
}

func withoutDescriptions(variables any) {
	all, _ := variables.(map[string]any)
	for _, variable := range all {
		if o, _ := variable.(map[string]any); o != nil {
			delete(o, "description")
			delete(o, "type")
		}
	}
}

var longTemplate = regexp.MustCompile(`(?s)^(.{100}).*(.{60})$`)

// shortened is the mock's text with one request type, two gateway responses and
// short templates.
func shortened(text string) string {
	var document any
	if json.Unmarshal([]byte(text), &document) != nil {
		return text
	}
	prune(document, "")
	short, err := json.Marshal(document)
	if err != nil {
		return text
	}
	return string(short)
}

func prune(value any, under string) {
	o, _ := value.(map[string]any)
	for name, inner := range o {
		template, isText := inner.(string)
		switch {
		case under == "requestTemplates" && name != "application/json",
			under == "x-amazon-apigateway-gateway-responses" && name != "DEFAULT_4XX" && name != "UNSUPPORTED_MEDIA_TYPE":
			delete(o, name)
		case under == "responseTemplates" && isText && len(template) > 260:
			o[name] = longTemplate.ReplaceAllString(template, "${1}#set($$context.responseOverride.header.Content-Type = $$type)${2}")
		default:
			prune(inner, name)
		}
	}
}
