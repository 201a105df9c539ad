package test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	kit "apigateway-maintenance"
	"apigateway-maintenance/test/harness"
)

var (
	hclBlock  = regexp.MustCompile("(?s)```hcl\n(.*?)```")
	gitSource = regexp.MustCompile(`"git::https://[^"]*//modules/([a-z-]+)(\?ref=[^"]*)?"`)
)

// readerHas is what blocks refer to where they do not declare it themselves.
var readerHas = map[string]string{
	`terraform {`: `terraform {
		required_providers {
		  aws = { source = "hashicorp/aws", version = ">= 5.100, < 7.0" }
		}
	}`,
	`variable "maintenance_mode"`: `variable "maintenance_mode" { type = bool }`,
	`module "maintenance_api"`: `module "maintenance_api" {
		source = "../../modules/maintenance-api"
	}`,
	`locals {`: `locals {
		orders = { openapi = "3.0.1", paths = {} }
	}`,
	`resource "aws_acm_certificate" "api"`:      `resource "aws_acm_certificate" "api" { domain_name = "api.example.com" }`,
	`resource "aws_api_gateway_stage" "live"`:   stageOf("live"),
	`resource "aws_api_gateway_stage" "orders"`: stageOf("orders"),
	`resource "aws_api_gateway_stage" "health"`: stageOf("health"),
}

func stageOf(name string) string {
	return fmt.Sprintf(`resource "aws_api_gateway_stage" %q {
		rest_api_id   = "abc"
		deployment_id = "def"
		stage_name    = "live"
	}`, name)
}

func contextOf(block string) string {
	var missing []string
	for declared, code := range readerHas {
		if !strings.Contains(block, declared) {
			missing = append(missing, code)
		}
	}
	return strings.Join(missing, "\n")
}

// TestReadmeBlocks validates each HCL block of the READMEs of the repository
// and the modules as a root of its own, with the modules of this checkout.
func TestReadmeBlocks(t *testing.T) {
	t.Parallel()
	for _, readme := range []string{"README.md", "modules/maintenance-api/README.md", "modules/custom-domain/README.md"} {
		content, err := os.ReadFile(filepath.Join("..", readme))
		require.NoError(t, err)
		blocks := hclBlock.FindAllSubmatch(content, -1)
		require.NotEmpty(t, blocks, "%s has no HCL block", readme)
		for i, block := range blocks {
			t.Run(fmt.Sprintf("%s block %d", readme, i+1), func(t *testing.T) {
				dir := t.TempDir()
				require.NoError(t, os.CopyFS(dir, kit.Files))
				root := filepath.Join(dir, "examples", "readme")
				require.NoError(t, os.Mkdir(root, 0o700))
				code := gitSource.ReplaceAll(block[1], []byte(`"../../modules/$1"`))
				require.NoError(t, os.WriteFile(filepath.Join(root, "main.tf"), code, 0o600))
				require.NoError(t, os.WriteFile(filepath.Join(root, "context.tf"), []byte(contextOf(string(code))), 0o600))
				runner := harness.Toolchain.Runner(root)
				require.NoError(t, runner.Init(t.Context()))
				result, err := runner.Validate(t.Context())
				require.NoError(t, err)
				require.True(t, result.Valid, "%v", result.Diagnostics)
			})
		}
	}
}
