// Package conformance makes the calls that version 6 of the Terraform AWS
// provider makes, resource by resource, and looks at every field that it reads
// into its state. Provider 6 itself cannot be run everywhere; its sources can be
// read, and each test names the file and version that it was written from.
//
// A field that provider 6 has as Optional and not Computed must be absent where
// nobody set it: a value would be a difference in every plan.
package conformance

import (
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/acm"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigateway/types"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/hashicorp/hcl/v2/hclparse"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	kit "apigateway-maintenance"
	"apigateway-maintenance/internal/emulator"
)

// calls are the resources' lives, by type.
var calls = map[string]func(*testing.T, *world){
	"aws_acm_certificate":               certificate,
	"aws_acm_certificate_validation":    certificateValidation,
	"aws_api_gateway_account":           account,
	"aws_api_gateway_base_path_mapping": basePathMapping,
	"aws_api_gateway_deployment":        deployment,
	"aws_api_gateway_domain_name":       domainName,
	"aws_api_gateway_gateway_response":  gatewayResponse,
	"aws_api_gateway_integration":       integration,
	"aws_api_gateway_method":            gatewayMethod,
	"aws_api_gateway_method_settings":   methodSettings,
	"aws_api_gateway_resource":          gatewayResource,
	"aws_api_gateway_rest_api":          restAPI,
	"aws_api_gateway_stage":             stage,
	"aws_cloudwatch_log_group":          logGroup,
	"aws_iam_role":                      iamRole,
	"aws_iam_role_policy_attachment":    rolePolicyAttachment,
	"aws_lambda_function":               lambdaFunction,
	"aws_lambda_permission":             lambdaPermission,
	"aws_route53_record":                record,
}

// notEmulated services have resources in examples that are off by default, and
// are validated only.
var notEmulated = regexp.MustCompile(`^(data[. ])?aws_(s3|cloudfront)_`)

func TestProvider6FindsWhatItReads(t *testing.T) {
	for name, life := range calls {
		t.Run(name, func(t *testing.T) { life(t, newWorld(t)) })
	}
}

// TestEveryResourceHasItsCalls fails where a module or an example uses a
// resource or a data source whose calls nobody has written down here.
func TestEveryResourceHasItsCalls(t *testing.T) {
	used := usedTypes(t)
	require.NotEmpty(t, used)
	for _, name := range used {
		if notEmulated.MatchString(name) {
			continue
		}
		assert.Contains(t, calls, name, "write down the calls that provider 6 makes for it")
	}
	for name := range calls {
		assert.Contains(t, used, name, "no module or example uses it any more")
	}
}

// usedTypes are the AWS resources and data sources of the modules and examples.
func usedTypes(t *testing.T) []string {
	t.Helper()
	var used []string
	parser := hclparse.NewParser()
	require.NoError(t, fs.WalkDir(kit.Files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".tf" {
			return err
		}
		source, err := fs.ReadFile(kit.Files, name)
		require.NoError(t, err)
		file, diagnostics := parser.ParseHCL(source, name)
		require.False(t, diagnostics.HasErrors(), diagnostics.Error())
		for _, block := range file.Body.(*hclsyntax.Body).Blocks {
			if len(block.Labels) != 2 || !strings.HasPrefix(block.Labels[0], "aws_") {
				continue
			}
			typ := block.Labels[0]
			if block.Type == "data" {
				typ = "data." + typ
			}
			if !slices.Contains(used, typ) {
				used = append(used, typ)
			}
		}
		return nil
	}))
	return used
}

// world is the embedded AWS and clients as the provider has them.
type world struct {
	emulator *emulator.Emulator
	gateway  *apigateway.Client
	acm      *acm.Client
	dns      *route53.Client
	iam      *iam.Client
	logs     *cloudwatchlogs.Client
	lambda   *lambda.Client
}

func newWorld(t *testing.T) *world {
	t.Helper()
	e, err := emulator.Start(emulator.Config{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, e.Close()) })
	env := map[string]string{}
	for _, entry := range e.Env() {
		name, value, _ := strings.Cut(entry, "=")
		env[name] = value
	}
	config := aws.Config{
		Region: env["AWS_REGION"], BaseEndpoint: aws.String(env["AWS_ENDPOINT_URL"]),
		Credentials: credentials.NewStaticCredentialsProvider(env["AWS_ACCESS_KEY_ID"], env["AWS_SECRET_ACCESS_KEY"], ""),
		Retryer:     func() aws.Retryer { return aws.NopRetryer{} },
	}
	return &world{
		emulator: e, gateway: apigateway.NewFromConfig(config), acm: acm.NewFromConfig(config), dns: route53.NewFromConfig(config),
		iam: iam.NewFromConfig(config), logs: cloudwatchlogs.NewFromConfig(config), lambda: lambda.NewFromConfig(config),
	}
}

// document is a small API in OpenAPI, with a description so that the import
// needs no call after it (fact J2).
const document = `{"openapi":"3.0.1","info":{"title":"orders","description":"Orders.","version":"1"},"paths":{"/":{"get":{
	"responses":{"200":{"description":""}},
	"x-amazon-apigateway-integration":{"type":"mock","requestTemplates":{"application/json":"{\"statusCode\": 200}"},
	"responses":{"default":{"statusCode":"200"}}}}}}}`

// api makes a REST API of the document, and gives its id.
func (w *world) api(t *testing.T) *string {
	t.Helper()
	created, err := w.gateway.CreateRestApi(t.Context(), &apigateway.CreateRestApiInput{Name: aws.String("orders"), EndpointConfiguration: regional()})
	require.NoError(t, err)
	_, err = w.gateway.PutRestApi(t.Context(), &apigateway.PutRestApiInput{RestApiId: created.Id, Mode: types.PutModeOverwrite, Body: []byte(document)})
	require.NoError(t, err)
	return created.Id
}

// deployed makes an API with a stage "live".
func (w *world) deployed(t *testing.T) (api, deployment *string) {
	t.Helper()
	api = w.api(t)
	made, err := w.gateway.CreateDeployment(t.Context(), &apigateway.CreateDeploymentInput{RestApiId: api})
	require.NoError(t, err)
	_, err = w.gateway.CreateStage(t.Context(), &apigateway.CreateStageInput{RestApiId: api, StageName: aws.String("live"), DeploymentId: made.Id})
	require.NoError(t, err)
	return api, made.Id
}

func regional() *types.EndpointConfiguration {
	return &types.EndpointConfiguration{Types: []types.EndpointType{types.EndpointTypeRegional}}
}

func replace(path, value string) types.PatchOperation {
	return types.PatchOperation{Op: types.OpReplace, Path: aws.String(path), Value: aws.String(value)}
}
