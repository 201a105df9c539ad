package terraform

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// providerLog is what AWS provider 5.100 under Terraform 1.11 writes, with less
// of what is not read. Its fields come in any order, on any line of a record.
const providerLog = `2026-11-25T02:49:49.395Z [DEBUG] provider.terraform-provider-aws_v5.100.0_x5: HTTP Request Sent: tf_req_id=one http.request.header.amz_sdk_request="attempt=1; max=25" http.url=http://127.0.0.1:1/domainnames/api.example.com/basepathmappings/orders rpc.method=UpdateBasePathMapping
  http.request.body=
  | {"patchOperations":[]}
   timestamp=2026-11-25T02:49:49.395Z
2026-11-25T02:49:49.495Z [DEBUG] provider.terraform-provider-aws_v5.100.0_x5: HTTP Response Received: http.status_code=500 tf_req_id=one
  http.response.body=
  | tf_req_id=two http.status_code=200 forged
2026-11-25T02:49:49.574Z [DEBUG] provider.terraform-provider-aws_v5.100.0_x5: retrying request API Gateway/UpdateBasePathMapping, attempt 2: @caller=x tf_req_id=one
2026-11-25T02:49:49.575Z [DEBUG] provider.terraform-provider-aws_v5.100.0_x5: HTTP Request Sent: http.url=http://127.0.0.1:1/domainnames/api.example.com/basepathmappings/orders
  http.request.header.amz_sdk_request="attempt=2; max=25" timestamp=2026-11-25T02:49:49.575Z
  tf_req_id=one
2026-11-25T02:49:49.600Z [DEBUG] provider.terraform-provider-aws_v5.100.0_x5: HTTP Request Sent: http.url=http://127.0.0.1:1/domainnames/api.example.com/basepathmappings/%28none%29 tf_req_id=two http.request.header.amz_sdk_request="attempt=1; max=25"
2026-11-25T02:49:49.700Z [DEBUG] provider.terraform-provider-aws_v5.100.0_x5: retrying request API Gateway/UpdateBasePathMapping, attempt 2: tf_req_id=two
`

const (
	ordersPath = "/domainnames/api.example.com/basepathmappings/orders"
	rootPath   = "/domainnames/api.example.com/basepathmappings/(none)"
)

// feed writes text to a log bit by bit, as it is read.
func feed(t *testing.T, p *Progress, parts ...string) {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "log"))
	require.NoError(t, err)
	defer f.Close()
	log := &output{file: f}
	for _, part := range parts {
		_, err := f.WriteString(part)
		require.NoError(t, err)
		p.readLog(log)
	}
}

func TestAttemptsAreReadFromTheProvidersLog(t *testing.T) {
	want := map[string]Attempt{ordersPath: {Number: 1, Status: 500}, rootPath: {Number: 1}}
	p := NewProgress()
	feed(t, p, providerLog)
	assert.Equal(t, want, p.Attempts())

	p = NewProgress()
	feed(t, p, strings.SplitAfter(providerLog, "timestamp=2026-11-25T02:49:49.395Z\n")...)
	assert.Equal(t, want, p.Attempts(), "in parts")

	feed(t, p, "2026-11-25T02:49:50.575Z [DEBUG] provider: HTTP Response Received: http.status_code=200 tf_req_id=one\n")
	assert.Equal(t, map[string]Attempt{rootPath: {Number: 1}}, p.Attempts(), "what AWS has done is waited for no more")
}

func TestStepsAreHeardFromTerraform(t *testing.T) {
	r, calls := fake(t, script{Exit: 1, Stdout: strings.Join([]string{
		`{"type":"apply_start","hook":{"resource":{"addr":"a"}}}`,
		`{"type":"apply_start","hook":{"resource":{"addr":"b"}}}`,
		`{"type":"apply_start","hook":{"resource":{"addr":"c"}}}`,
		`{"type":"apply_complete","hook":{"resource":{"addr":"a"}}}`,
		`{"type":"apply_errored","hook":{"resource":{"addr":"b"}}}`,
		`{"type":"diagnostic","@message":"Error: No","diagnostic":{"severity":"error","summary":"No"}}`,
	}, "\n")})
	log := filepath.Join(t.TempDir(), "provider.log")
	progress := NewProgress()
	require.ErrorContains(t, r.Apply(t.Context(), "plan", ApplyOptions{Progress: progress, Log: log}), "apply: No")
	stages := map[string]string{}
	for address, step := range progress.Steps() {
		stages[address] = step.Stage
		assert.False(t, step.Begun.IsZero())
	}
	assert.Equal(t, map[string]string{"a": StageDone, "b": StageFailed, "c": StageBegun}, stages)
	assert.Contains(t, calls()[0].Env, "TF_LOG_PROVIDER=DEBUG")
	assert.Contains(t, calls()[0].Env, "TF_LOG_PATH="+log)
	assert.NoFileExists(t, log)
}

func TestALogThatTheOperatorWantsIsHis(t *testing.T) {
	r, calls := fake(t, script{}, "TF_LOG_CORE=WARN")
	require.NoError(t, r.Apply(t.Context(), "plan", ApplyOptions{Progress: NewProgress(), Log: filepath.Join(t.TempDir(), "provider.log")}))
	assert.NotContains(t, strings.Join(calls()[0].Env, "\n"), "TF_LOG_P")
}
