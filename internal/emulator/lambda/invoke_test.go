package lambda_test

import (
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsiam "github.com/aws/aws-sdk-go-v2/service/iam"
	awslambda "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func part(name string) func(*awslambda.CreateFunctionInput) {
	return func(in *awslambda.CreateFunctionInput) { in.Environment.Variables["PART"] = name }
}

func TestAFunctionRunsAsItsOwnProcess(t *testing.T) {
	a := newAccount(t)
	a.create(bootstrap(t))
	first, failed := a.call(map[string]any{})
	require.Empty(t, failed, first)
	assert.Equal(t, "tea", first["greeting"])
	assert.Equal(t, "arn:aws:lambda:eu-west-1:123456789012:function:orders", first["arn"])
	assert.Equal(t, "orders", first["name"])
	assert.EqualValues(t, 128, first["memory"])
	assert.InDelta(t, 5, first["left"], 1, "the deadline is the function's timeout")
	second, _ := a.call(map[string]any{})
	assert.Equal(t, first["pid"], second["pid"], "a warm process is used again")
	assert.NotEqual(t, first["request"], second["request"])

	require.Eventually(t, func() bool {
		return strings.Count(a.lines(), "REPORT RequestId") == 2 && strings.Count(a.lines(), "hello from tea") == 2
	}, 10*time.Second, 10*time.Millisecond)
	log := a.lines()
	assert.Equal(t, 1, strings.Count(log, "INIT_START"))
	assert.Equal(t, 1, strings.Count(log, "Init Duration"), "only the first was a cold start")
	assert.Contains(t, log, "START RequestId: "+first["request"].(string)+" Version: $LATEST")
}

func TestAProcessServesOneRequestAtATime(t *testing.T) {
	a := newAccount(t)
	a.create(bootstrap(t))
	var mu sync.Mutex
	pids := map[any]bool{}
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			answer, failed := a.call(map[string]any{"do": "nap"})
			assert.Empty(t, failed)
			mu.Lock()
			defer mu.Unlock()
			pids[answer["pid"]] = true
		})
	}
	all.Wait()
	assert.Len(t, pids, 3, "three at once need three processes")
}

func TestWhatAFunctionDoesWrongIsItsAnswer(t *testing.T) {
	a := newAccount(t)
	a.create(bootstrap(t), func(in *awslambda.CreateFunctionInput) { in.Timeout = aws.Int32(1) })
	for name, c := range map[string]struct{ do, kind, says string }{
		"an error":   {"fail", "errorString", "no such order"},
		"a panic":    {"panic", "string", "out of tea"},
		"an exit":    {"exit", "Runtime.ExitError", "Runtime exited with error: exit status 3"},
		"a time-out": {"sleep", "Sandbox.Timedout", "Task timed out after 1.00 seconds"},
	} {
		t.Run(name, func(t *testing.T) {
			answer, failed := a.call(map[string]any{"do": c.do})
			assert.Equal(t, "Unhandled", failed)
			assert.Equal(t, c.kind, answer["errorType"])
			assert.Contains(t, answer["errorMessage"], c.says)
			after, failed := a.call(map[string]any{})
			assert.Empty(t, failed, "the next request gets a process that works")
			assert.Equal(t, "tea", after["greeting"])
		})
	}
}

func TestCodeThatCannotStart(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string][]byte
		says  string
	}{
		"no bootstrap":                  {map[string][]byte{"main": []byte("x")}, "Couldn't find valid bootstrap(s)"},
		"a program for another machine": {map[string][]byte{"bootstrap": []byte("\x7fELF\x02\x01\x01 and nothing of this machine's")}, "exec format error"},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAccount(t)
			a.create(zipped(t, c.files))
			answer, failed := a.call(map[string]any{})
			assert.Equal(t, "Unhandled", failed)
			assert.Equal(t, "Runtime.InvalidEntrypoint", answer["errorType"])
			assert.Contains(t, answer["errorMessage"], c.says)
			assert.Contains(t, a.lines(), c.says, "the log says it too")
		})
	}
}

func TestAnInitThatCrashesIsTold(t *testing.T) {
	a := newAccount(t)
	a.create(bootstrap(t), part("init-crash"))
	answer, failed := a.call(map[string]any{})
	assert.Equal(t, "Unhandled", failed)
	assert.Equal(t, "Runtime.ExitError", answer["errorType"])
	require.Eventually(t, func() bool { return strings.Contains(a.lines(), "about to fall over") }, 10*time.Second, 10*time.Millisecond)
}

func TestARoleThatMayNotLogHasNoLog(t *testing.T) {
	a := newAccount(t)
	_, err := a.iam.DetachRolePolicy(t.Context(), &awsiam.DetachRolePolicyInput{
		RoleName: aws.String("orders"), PolicyArn: aws.String("arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"),
	})
	require.NoError(t, err)
	a.create(bootstrap(t))
	_, failed := a.call(map[string]any{})
	require.Empty(t, failed)
	assert.Empty(t, a.lines())
}

func TestNewCodeAndSettingsReplaceTheProcesses(t *testing.T) {
	a := newAccount(t)
	a.create(bootstrap(t))
	before, _ := a.call(map[string]any{})
	underWay := make(chan map[string]any, 1)
	go func() {
		answer, _ := a.call(map[string]any{"do": "nap"})
		underWay <- answer
	}()
	time.Sleep(50 * time.Millisecond) // it may have begun, or begin on the new one: both are right
	_, err := a.lambda.UpdateFunctionConfiguration(t.Context(), &awslambda.UpdateFunctionConfigurationInput{
		FunctionName: aws.String("orders"), Environment: &types.Environment{Variables: map[string]string{"GREETING": "coffee"}},
	})
	require.NoError(t, err)
	after, _ := a.call(map[string]any{})
	assert.Equal(t, "coffee", after["greeting"])
	assert.NotEqual(t, before["pid"], after["pid"])
	assert.Contains(t, []any{"tea", "coffee"}, (<-underWay)["greeting"], "what was under way was answered")
	requireGone(t, before["pid"])
}

func TestNoProcessOutlivesTheService(t *testing.T) {
	a := newAccount(t)
	a.create(bootstrap(t))
	answer, _ := a.call(map[string]any{})
	go a.lambda.Invoke(t.Context(), &awslambda.InvokeInput{FunctionName: aws.String("orders"), Payload: []byte(`{"do":"sleep"}`)}) //nolint:errcheck // it ends with the service
	require.NoError(t, a.functions.Close())
	requireGone(t, answer["pid"])
}

func requireGone(t *testing.T, pid any) {
	t.Helper()
	process, err := os.FindProcess(int(pid.(float64)))
	require.NoError(t, err)
	require.Eventually(t, func() bool { return process.Signal(syscall.Signal(0)) != nil }, 10*time.Second, 10*time.Millisecond)
}
