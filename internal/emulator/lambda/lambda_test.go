package lambda_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"testing"
	"time"

	runtime "github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator/awsproto/awstest"
	"apigateway-maintenance/internal/emulator/iam"
	"apigateway-maintenance/internal/emulator/lambda"
	"apigateway-maintenance/internal/emulator/logs"
)

// TestMain lets this test binary be a function: what a worker starts is the
// binary itself, out of a zip.
func TestMain(m *testing.M) {
	if os.Getenv("AWS_LAMBDA_RUNTIME_API") != "" {
		play()
		return
	}
	os.Exit(m.Run())
}

// play is the function; its environment says which part it plays.
func play() {
	switch os.Getenv("PART") {
	case "init-crash":
		fmt.Println("about to fall over")
		os.Exit(7)
	case "init-slow":
		time.Sleep(50 * time.Millisecond)
	}
	runtime.Start(func(ctx context.Context, event map[string]any) (any, error) {
		switch event["do"] {
		case "fail":
			return nil, errors.New("no such order")
		case "panic":
			panic("out of tea")
		case "exit":
			os.Exit(3)
		case "sleep":
			time.Sleep(time.Minute)
		case "nap":
			time.Sleep(150 * time.Millisecond)
		}
		about, _ := lambdacontext.FromContext(ctx)
		fmt.Println("hello from", os.Getenv("GREETING"))
		deadline, _ := ctx.Deadline()
		return map[string]any{
			"pid": os.Getpid(), "greeting": os.Getenv("GREETING"), "request": about.AwsRequestID, "arn": about.InvokedFunctionArn,
			"left": time.Until(deadline).Seconds(), "memory": lambdacontext.MemoryLimitInMB, "name": lambdacontext.FunctionName,
		}, nil
	})
}

// zipped is a deployment package with the files given, stored and executable.
func zipped(t testing.TB, files map[string][]byte) []byte {
	t.Helper()
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for name, content := range files {
		header := &zip.FileHeader{Name: name, Method: zip.Deflate}
		header.SetMode(0o755)
		w, err := archive.CreateHeader(header)
		require.NoError(t, err)
		_, err = w.Write(content)
		require.NoError(t, err)
	}
	require.NoError(t, archive.Close())
	return out.Bytes()
}

func bootstrap(t testing.TB) []byte {
	t.Helper()
	path, err := os.Executable()
	require.NoError(t, err)
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return zipped(t, map[string][]byte{"bootstrap": content})
}

// account is the three services as the SDK sees them.
type account struct {
	t         testing.TB
	functions *lambda.Service
	lambda    *awslambda.Client
	iam       *awsiam.Client
	logs      *cloudwatchlogs.Client
	role      string
}

const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

func newAccount(t testing.TB) *account {
	t.Helper()
	roles, groups := iam.New(nil), logs.New(nil)
	functions := lambda.New(lambda.Config{Roles: roles, Logs: groups})
	t.Cleanup(func() { require.NoError(t, functions.Close()) })
	config := awstest.Serve(t, roles, groups, functions)
	a := &account{t: t, functions: functions, lambda: awslambda.NewFromConfig(config), iam: awsiam.NewFromConfig(config), logs: cloudwatchlogs.NewFromConfig(config)}
	role, err := a.iam.CreateRole(t.Context(), &awsiam.CreateRoleInput{RoleName: aws.String("orders"), AssumeRolePolicyDocument: aws.String(trust)})
	require.NoError(t, err)
	a.role = *role.Role.Arn
	_, err = a.iam.AttachRolePolicy(t.Context(), &awsiam.AttachRolePolicyInput{
		RoleName: aws.String("orders"), PolicyArn: aws.String("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"),
	})
	require.NoError(t, err)
	return a
}

func (a *account) input(code []byte, change ...func(*awslambda.CreateFunctionInput)) *awslambda.CreateFunctionInput {
	in := &awslambda.CreateFunctionInput{
		FunctionName: aws.String("orders"), Role: aws.String(a.role), Runtime: types.RuntimeProvidedal2023, Handler: aws.String("bootstrap"),
		Code: &types.FunctionCode{ZipFile: code}, Timeout: aws.Int32(5),
		Environment: &types.Environment{Variables: map[string]string{"GREETING": "tea"}},
	}
	for _, f := range change {
		f(in)
	}
	return in
}

func (a *account) create(code []byte, change ...func(*awslambda.CreateFunctionInput)) *awslambda.CreateFunctionOutput {
	a.t.Helper()
	out, err := a.lambda.CreateFunction(a.t.Context(), a.input(code, change...))
	require.NoError(a.t, err)
	return out
}

// call invokes and reads the answer's JSON; functionError is empty where the
// function did its work.
func (a *account) call(event any) (answer map[string]any, functionError string) {
	a.t.Helper()
	payload, err := json.Marshal(event)
	require.NoError(a.t, err)
	out, err := a.lambda.Invoke(a.t.Context(), &awslambda.InvokeInput{FunctionName: aws.String("orders"), Payload: payload})
	require.NoError(a.t, err)
	require.NoError(a.t, json.Unmarshal(out.Payload, &answer), "%s", out.Payload)
	return answer, aws.ToString(out.FunctionError)
}

// lines are all that the function's log group has.
func (a *account) lines() string {
	a.t.Helper()
	out, err := a.logs.FilterLogEvents(a.t.Context(), &cloudwatchlogs.FilterLogEventsInput{LogGroupName: aws.String("/aws/lambda/orders")})
	if err != nil {
		return ""
	}
	var text bytes.Buffer
	for _, e := range out.Events {
		_, _ = io.WriteString(&text, *e.Message)
	}
	return text.String()
}
