package test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/test/harness"
)

// TestNames switches a wildcard domain, and on it a base path with every
// character that API Gateway takes: by the command, and by a runbook.
func TestNames(t *testing.T) {
	t.Parallel()
	const odd = "/aZ0$-_.+!*'()"
	s := harness.NewStage(t, "basic", emulator.Config{}, map[string]any{"domain_name": "*.example.com"})
	s.Override("maintenance_override.tf", `
		module "domain" {
		  mappings = {
		    "/"      = { api_id = aws_api_gateway_stage.live.rest_api_id, stage_name = aws_api_gateway_stage.live.stage_name }
		    "`+odd+`" = { api_id = aws_api_gateway_stage.live.rest_api_id, stage_name = aws_api_gateway_stage.live.stage_name }
		  }
		}`)
	off := map[string]any{"maintenance_mode": false}
	s.Apply(off)
	s.RequireNoChanges(off)
	answers := func(status int) {
		t.Helper()
		for _, url := range []string{"https://tenant1.example.com/orders", "https://tenant2.example.com" + odd + "/orders", "https://maintenance-probe.example.com" + odd} {
			assert.Equal(t, status, s.Ask("GET", url, nil, "").Status, url)
		}
	}
	answers(200)

	o := s.Operator()
	book := filepath.Join(s.Dir, "runbook.json")
	report := filepath.Join(s.Dir, "report.html")
	o.Require(0, "on", "--auto-approve", "--save-runbook", book, "--report", report)
	assert.FileExists(t, report)
	answers(503)
	status := o.Require(0, "status", "--no-plan").Out
	assert.Contains(t, status, "https://maintenance-probe.example.com"+odd)
	assert.Contains(t, status, "maintenance-probe.example.com leads to d-", "DNS is asked for a name that exists")
	o.Require(0, "breakglass", "off", "--run", "--auto-approve", "--runbook", book)
	answers(200)
	o.Require(0, "off", "--auto-approve", "--url", "https://tenant1.example.com"+odd+"/orders")
	answers(200)
	s.Destroy(off)
}

// TestPartition has the whole in China, whose ARNs and host names are others.
func TestPartition(t *testing.T) {
	t.Parallel()
	s := harness.NewStage(t, "basic", emulator.Config{Region: "cn-north-1"}, nil)
	on := map[string]any{"maintenance_mode": true}
	s.Apply(on)
	s.RequireNoChanges(on)
	var targets map[string]maintenance.Targets
	s.Output("targets", &targets)
	mock := s.Ask("GET", "https://"+targets["/"].Maintenance.APIID+".execute-api.cn-north-1.amazonaws.com.cn/maintenance/", nil, "")
	assert.Equal(t, 503, mock.Status)
	assert.Equal(t, 503, s.Ask("GET", "https://api.example.com/orders", nil, "").Status)
	status := s.Operator().Require(0, "status", "--no-plan").Out
	assert.Contains(t, status, targets["/"].Live.APIID+".execute-api.cn-north-1.amazonaws.com.cn")
	assert.Contains(t, status, "api.example.com leads to d-")
	s.Destroy(on)
}
