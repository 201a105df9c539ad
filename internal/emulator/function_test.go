package emulator_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	runtime "github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
)

// TestMain lets this test binary be a function: what Lambda starts is the binary
// itself, out of a zip.
func TestMain(m *testing.M) {
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") != "" {
		runtime.Start(play)
		return
	}
	os.Exit(m.Run())
}

// play is the function. Where it is asked to wait it does until a file is there.
func play(request events.APIGatewayProxyRequest) (events.APIGatewayProxyResponse, error) {
	switch request.PathParameters["proxy"] {
	case "fail":
		return events.APIGatewayProxyResponse{}, errors.New("no such order")
	case "exit":
		os.Exit(3)
	case "wait":
		fmt.Println("waiting")
		for {
			if _, err := os.Stat(os.Getenv("RELEASE")); err == nil {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	return events.APIGatewayProxyResponse{StatusCode: http.StatusOK, Body: "pid " + fmt.Sprint(os.Getpid())}, nil
}

const (
	functionRole = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	functionLogs = "/aws/lambda/orders"
)

// createFunction makes the function "orders" with its role; RELEASE is the file
// that it waits for.
func (w *world) createFunction(t *testing.T, release string) (arn string) {
	t.Helper()
	ctx, roles := t.Context(), iam.NewFromConfig(sdk(w.Emulator))
	role, err := roles.CreateRole(ctx, &iam.CreateRoleInput{RoleName: aws.String("orders"), AssumeRolePolicyDocument: aws.String(functionRole)})
	require.NoError(t, err)
	_, err = roles.AttachRolePolicy(ctx, &iam.AttachRolePolicyInput{RoleName: aws.String("orders"), PolicyArn: aws.String("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole")})
	require.NoError(t, err)
	made, err := w.lambda().CreateFunction(ctx, &lambda.CreateFunctionInput{
		FunctionName: aws.String("orders"), Role: role.Role.Arn, Runtime: lambdatypes.RuntimeProvidedal2023, Handler: aws.String("bootstrap"), Timeout: aws.Int32(60),
		Code: &lambdatypes.FunctionCode{ZipFile: thisBinary(t)}, Environment: &lambdatypes.Environment{Variables: map[string]string{"RELEASE": release}},
	})
	require.NoError(t, err)
	return *made.FunctionArn
}

func (w *world) lambda() *lambda.Client { return lambda.NewFromConfig(sdk(w.Emulator)) }

func thisBinary(t *testing.T) []byte {
	t.Helper()
	path, err := os.Executable()
	require.NoError(t, err)
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	header := &zip.FileHeader{Name: "bootstrap", Method: zip.Deflate}
	header.SetMode(0o755)
	entry, err := archive.CreateHeader(header)
	require.NoError(t, err)
	_, err = entry.Write(content)
	require.NoError(t, err)
	require.NoError(t, archive.Close())
	return out.Bytes()
}

// deployFunction makes an API of which everything goes to a function.
func (w *world) deployFunction(t *testing.T, arn string) (api string) {
	t.Helper()
	document := fmt.Sprintf(`{"openapi":"3.0.1","info":{"title":"orders","version":"1"},"paths":{"/{proxy+}":{"x-amazon-apigateway-any-method":{
		"x-amazon-apigateway-integration":{"type":"aws_proxy","httpMethod":"POST","uri":"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/%s/invocations"}}}}}`, arn)
	imported, err := w.gateway.ImportRestApi(t.Context(), &apigateway.ImportRestApiInput{Body: []byte(document), Parameters: map[string]string{"endpointConfigurationTypes": "REGIONAL"}})
	require.NoError(t, err)
	_, err = w.gateway.CreateDeployment(t.Context(), &apigateway.CreateDeploymentInput{RestApiId: imported.Id, StageName: aws.String("live")})
	require.NoError(t, err)
	return *imported.Id
}

func (w *world) permit(t *testing.T, source string) {
	t.Helper()
	_, err := w.lambda().AddPermission(t.Context(), &lambda.AddPermissionInput{
		FunctionName: aws.String("orders"), StatementId: aws.String("api"), Action: aws.String("lambda:InvokeFunction"),
		Principal: aws.String("apigateway.amazonaws.com"), SourceArn: aws.String(source),
	})
	require.NoError(t, err)
}

// printed is what the function's log group holds.
func (w *world) printed(t *testing.T) string {
	t.Helper()
	events, err := cloudwatchlogs.NewFromConfig(sdk(w.Emulator)).FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String(functionLogs)})
	if err != nil {
		return ""
	}
	var text string
	for _, event := range events.Events {
		text += *event.Message
	}
	return text
}

// TestAFunctionBehindAnAPI goes the whole way from a client to a process, and
// switches while a request is under way.
func TestAFunctionBehindAnAPI(t *testing.T) {
	t.Parallel()
	release := filepath.Join(t.TempDir(), "release")
	w := newWorld(t, emulator.Config{}, nil)
	arn := w.createFunction(t, release)
	api := w.deployFunction(t, arn)
	w.remap(t, api)
	client := w.HTTPClient()

	response, body := get(t, client, "https://"+domainName+"/orders")
	assert.Equal(t, http.StatusInternalServerError, response.StatusCode, "the function's policy does not let the API in")
	assert.JSONEq(t, `{"message":"Internal server error"}`, body)
	w.permit(t, "arn:aws:execute-api:eu-west-1:123456789012:"+api+"/*")
	response, first := get(t, client, "https://"+domainName+"/orders")
	require.Equal(t, http.StatusOK, response.StatusCode, first)
	_, second := get(t, client, "https://"+domainName+"/orders")
	assert.Equal(t, first, second, "the process is used again")
	for _, path := range []string{"/fail", "/exit"} {
		response, _ = get(t, client, "https://"+domainName+path)
		assert.Equal(t, http.StatusBadGateway, response.StatusCode, path)
	}

	type answer struct {
		status int
		err    error
	}
	underWay := make(chan answer, 1)
	go func() {
		response, err := w.HTTPClient().Get("https://" + domainName + "/wait")
		if err != nil {
			underWay <- answer{err: err}
			return
		}
		_, err = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		underWay <- answer{response.StatusCode, err}
	}()
	require.Eventually(t, func() bool { return bytes.Contains([]byte(w.printed(t)), []byte("waiting")) }, 20*time.Second, 10*time.Millisecond)
	w.remap(t, w.deploy(t, "503"))
	response, _ = get(t, client, "https://"+domainName+"/")
	assert.Equal(t, http.StatusServiceUnavailable, response.StatusCode)
	require.NoError(t, os.WriteFile(release, nil, 0o600))
	assert.Equal(t, answer{status: http.StatusOK}, <-underWay, "what was under way finishes on the function")
	assert.Contains(t, w.printed(t), "REPORT RequestId: ")
	assert.Equal(t, 1, w.Inventory()["lambda_functions"])
}
