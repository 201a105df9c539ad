package test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/internal/emulator/awsproto"
	"apigateway-maintenance/test/harness"
)

// beside is something that a root does beside a switch.
type beside struct {
	// code is added to the root, or stands for its marker.tf where marker says
	// so; over is merged over the root's own blocks.
	code, over string
	marker     bool
	// init says that the code has to be initialised first.
	init bool
	args []string
	// names are what the refusal has to name.
	names []string
}

// invocation of a function, which each of these tries in its own way.
const invoked = `function_name = "nobody"
  input         = "{}"
  depends_on    = [module.domain]`

func besides() map[string]beside {
	return map[string]beside{
		"a data source that waits for the switch": {
			code:  `data "aws_lambda_invocation" "x" { ` + "\n" + invoked + "\n}",
			names: []string{"data.aws_lambda_invocation.x (read)"},
		},
		"a data source in a check block": {
			code: `check "x" {
  data "aws_lambda_invocation" "x" {
    ` + invoked + `
  }
  assert {
    condition     = data.aws_lambda_invocation.x.result != ""
    error_message = "x"
  }
}`,
			names: []string{"data.aws_lambda_invocation.x (read)"},
		},
		"an ephemeral resource that nothing refers to": {
			code: `ephemeral "aws_lambda_invocation" "x" {
  function_name = "nobody"
  payload       = timestamp()
}`,
			names: []string{"ephemeral.aws_lambda_invocation.x (open)"},
		},
		"a provisioner on what is made": {
			code: `resource "terraform_data" "x" {
  provisioner "local-exec" {
    command = "touch ran"
  }
}`,
			names: []string{"terraform_data.x (create)"},
		},
		"a provisioner on what is destroyed": {
			over:  `resource "terraform_data" "marker" { triggers_replace = "2" }`,
			names: []string{"terraform_data.marker (delete, create)"},
		},
		"a second deployment of the mock, with a provisioner": {
			code: `resource "aws_api_gateway_deployment" "second" {
  rest_api_id = module.mock.api_id
  provisioner "local-exec" {
    command = "touch ran"
  }
}`,
			names: []string{"aws_api_gateway_deployment.second (create)"},
		},
		"another API's text behind an invented output": {
			over: `resource "aws_api_gateway_rest_api" "shop" { description = "changed" }`,
			code: `output "more" {
  value = { "/more" = {
    live        = { api_id = "x", stage_name = "y" }
    maintenance = { api_id = aws_api_gateway_rest_api.shop.id, stage_name = "v1" }
  } }
}`,
			names: []string{"aws_api_gateway_rest_api.shop (update)", "output.more (create)"},
		},
		"a resource that is removed from the state": {
			marker: true,
			code: `removed {
  from = terraform_data.marker
  lifecycle {
    destroy = false
  }
}`,
			names: []string{"terraform_data.marker (forget)"},
		},
		"a resource that is destroyed": {marker: true, names: []string{"terraform_data.marker (delete)"}},
		"a resource that moves": {
			marker: true,
			code: `resource "terraform_data" "moved" { triggers_replace = "1" }
moved {
  from = terraform_data.marker
  to   = terraform_data.moved
}`,
			names: []string{"terraform_data.moved (no-op, move from terraform_data.marker)"},
		},
		"a resource that is imported": {
			code: `resource "terraform_data" "imported" {}
import {
  to = terraform_data.imported
  id = "x"
}`,
			names: []string{"terraform_data.imported (", "import)"},
		},
		"a replacement that was asked for": {
			args:  []string{"--", "-replace=module.mock.aws_api_gateway_deployment.this"},
			names: []string{"module.mock.aws_api_gateway_deployment.this (create, delete)"},
		},
		"a resource in another region": {
			code: `provider "aws" {
  alias  = "other"
  region = "us-west-2"
}
resource "aws_api_gateway_rest_api" "other" {
  provider = aws.other
  name     = "other"
}`,
			names: []string{"aws_api_gateway_rest_api.other (create)"},
		},
		"the mapping by way of another region": {
			code: `provider "aws" {
  alias  = "other"
  region = "us-west-2"
}`,
			over:  `module "domain" { providers = { aws = aws.other } }`,
			args:  []string{"--refresh=false"},
			names: []string{`module.domain.aws_api_gateway_base_path_mapping.this["/orders"] (update)`, "perhaps in another region or account"},
		},
		"a second instance of the mock's module": {
			code: `module "another" {
  source = "../../../modules/maintenance-api"
  name   = "another"
}`,
			init:  true,
			names: []string{"module.another.aws_api_gateway_deployment.this (create)"},
		},
		"a condition that only the apply knows": {
			marker: true,
			code: `resource "terraform_data" "marker" {
  triggers_replace = "1"
  lifecycle {
    postcondition {
      condition     = timestamp() != var.zone_id
      error_message = "x"
    }
  }
}`,
			names: []string{"terraform_data.marker (condition)"},
		},
		"a value that only the apply knows": {
			code: `resource "aws_api_gateway_rest_api" "new" { name = "new" }`,
			over: `module "domain" {
  mappings = {
    "/orders" = { api_id = aws_api_gateway_rest_api.new.id, stage_name = "v1" }
    "/health" = { api_id = aws_api_gateway_stage.shop.rest_api_id, stage_name = aws_api_gateway_stage.shop.stage_name, maintenance_mode = false }
  }
}`,
			names: []string{"aws_api_gateway_rest_api.new (create)", "output.targets (update)"},
		},
		"a sensitive value": {
			over: `module "domain" {
  mappings = {
    "/orders" = { api_id = sensitive(aws_api_gateway_stage.shop.rest_api_id), stage_name = aws_api_gateway_stage.shop.stage_name }
    "/health" = { api_id = aws_api_gateway_stage.shop.rest_api_id, stage_name = aws_api_gateway_stage.shop.stage_name, maintenance_mode = false }
  }
}
output "targets" { sensitive = true }`,
			names: []string{"plan (outputs)"},
		},
		"an output that has nothing to do with it": {
			over:  `output "release" { value = "2" }`,
			names: []string{"output.release (update)"},
		},
	}
}

// TestSwitchesBesideSomethingElse plans a switch beside each way in which an
// apply can do more, with real binaries. Each is refused by name, and neither
// AWS nor this machine sees any of it.
func TestSwitchesBesideSomethingElse(t *testing.T) {
	t.Parallel()
	for binary, tools := range harness.Toolchains(t) {
		t.Run(binary, func(t *testing.T) {
			t.Parallel()
			s := harness.NewFixtureWith(t, tools, "guarded", emulator.Config{}, nil)
			s.SetOnly(map[string]any{"certificate_arn": s.CertificateARN, "zone_id": s.ZoneID, "backend_url": s.Backend.URL})
			s.Apply(nil)
			marker, err := os.ReadFile(filepath.Join(s.Root, "marker.tf"))
			require.NoError(t, err)
			for name, c := range besides() {
				t.Run(name, func(t *testing.T) {
					s := s.In(t)
					s.Override("beside_override.tf", c.over)
					where := "beside.tf"
					if c.marker {
						where = "marker.tf"
					}
					s.Override(where, c.code)
					t.Cleanup(func() {
						s.Override("beside_override.tf", "")
						s.Override("beside.tf", "")
						s.Override("marker.tf", string(marker))
					})
					if c.init {
						s.Init()
					}
					s.Emulator.ResetCalls()
					r := s.Operator().Run(append([]string{"on", "--auto-approve"}, c.args...)...)
					require.Equal(t, 3, r.Code, r.ErrOut)
					for _, name := range c.names {
						assert.Contains(t, r.ErrOut, name)
					}
					requireNothingDone(t, s)
				})
			}
			t.Run("nothing else", func(t *testing.T) {
				s := s.In(t)
				s.Operator().Require(0, "on", "--auto-approve", "--rate", "5")
			})
		})
	}
}

// requireNothingDone requires that nothing was called that changes something or
// acts, and no program was run.
func requireNothingDone(t *testing.T, s *harness.Stage) {
	t.Helper()
	calls := s.Emulator.Calls()
	assert.Zero(t, harness.CountWrites(calls), "%v", calls)
	assert.False(t, slices.ContainsFunc(calls, func(c awsproto.Call) bool { return c.Operation == "Invoke" }))
	assert.NoFileExists(t, filepath.Join(s.Root, "ran"))
}
