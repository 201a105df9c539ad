package terraform

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/plain"
)

const lockedDiagnostics = `
Error: Error acquiring the state lock

Error message: resource temporarily unavailable
Lock Info:
  ID:        6e4a9f9e-1f0a-1e6e-3a57-0a1d4cf1f1f0
  Path:      terraform.tfstate
  Operation: OperationTypeApply
  Who:       ada@build-7
  Version:   1.11.4
  Created:   2026-11-24 01:02:03.4 +0000 UTC
  Info:      


Terraform acquires a state lock to protect the state from being written
by multiple users at the same time.
`

func TestClassify(t *testing.T) {
	cases := map[string]struct {
		diagnostics string
		want        Kind
		summary     string
	}{
		"a lock names its holder": {
			diagnostics: lockedDiagnostics,
			want:        KindLocked,
			summary:     "the state is locked by ada@build-7 since 2026-11-24 01:02:03.4 +0000 UTC",
		},
		"an expired token": {
			diagnostics: "Error: reading API Gateway Stage: operation error API Gateway: GetStage, https response error StatusCode: 403, RequestID: x, api error ExpiredTokenException: The security token included in the request is expired\n",
			want:        KindCredentials,
		},
		"no credentials at all, wrapped and in a box": {
			diagnostics: "╷\n│ Error: \x1b[1mNo valid credential\n│ sources found\x1b[0m\n│ \n│   with provider[\"registry.terraform.io/hashicorp/aws\"],\n│ Please see the documentation.\n╵\n",
			want:        KindCredentials,
		},
		"credentials that keep the backend from locking are the cause": {
			diagnostics: "Error: Error acquiring the state lock\n\nError message: operation error S3: PutObject, api error ExpiredToken: The provided token has expired.\n",
			want:        KindCredentials,
		},
		"a missing permission": {
			diagnostics: "Error: updating API Gateway Base Path Mapping: api error AccessDeniedException: User: arn:aws:iam::1:user/x is not authorized to perform: apigateway:PATCH\n",
			want:        KindDenied,
		},
		"a missing permission on something": {
			diagnostics: "Error: updating API Gateway Base Path Mapping: api error AccessDeniedException: User: arn:aws:iam::1:user/x is not authorized to\nperform: apigateway:PATCH on resource: arn:aws:apigateway:eu-west-1::/domainnames/a/basepathmappings/b because no identity-based policy allows it\n",
			want:        KindDenied,
			summary:     "AWS does not allow these credentials what is needed: apigateway:PATCH on arn:aws:apigateway:eu-west-1::/domainnames/a/basepathmappings/b",
		},
		"throttling that outlasted the retries": {
			diagnostics: "Error: updating API Gateway Base Path Mapping (x): operation error API Gateway: UpdateBasePathMapping, exceeded maximum number of attempts, 25, https response error StatusCode: 429, RequestID: , TooManyRequestsException: Too Many Requests\n",
			want:        KindThrottled,
		},
		"a disk that is full, found by the lock": {
			diagnostics: "Error: Error acquiring the state lock\n\nError message: could not write lock info for \"terraform.tfstate\": write\n.terraform.tfstate.lock.info: no space left on device\n\nTerraform acquires a state lock to protect the state from being written\n",
			want:        KindFiles,
			summary:     "the disk is full (write .terraform.tfstate.lock.info: no space left on device)",
		},
		"a folder that cannot be written to, found by the lock": {
			diagnostics: "Error: Error acquiring the state lock\n\nError message: open terraform.tfstate: read-only file system\n\nTerraform acquires a state lock to protect\n",
			want:        KindFiles,
			summary:     "a file or its folder cannot be written or read (open terraform.tfstate: read-only file system)",
		},
		"a state that could not be saved": {
			diagnostics: "Error: Failed to save state\n\nError saving state: write terraform.tfstate: no space left on device\n\nError: Failed to persist state to backend\n\nTo allow for recovery, the state has been written to the file\n\"errored.tfstate\" in the current working directory.\n",
			want:        KindFiles,
			summary:     "; the state could not be saved and lies in errored.tfstate in the root",
		},
		"a lock whose holder is not known": {
			diagnostics: "Error: Error acquiring the state lock\n\nError message: resource temporarily unavailable\n\nTerraform acquires a state lock to protect the state from being written\n",
			want:        KindLocked,
			summary:     "the state could not be locked, and who holds the lock is not known (resource temporarily unavailable)",
		},
		"a malformed -var": {
			diagnostics: "Error: Invalid -var option\n\nThe given -var option \"planted\" is not correctly specified. Must be a\nvariable name and value separated by an equals sign, like -var=\"key=value\".\n",
			want:        KindUsage,
			summary:     "is not NAME=VALUE",
		},
		"a stale plan": {
			diagnostics: "Error: Saved plan is stale\n\nThe given plan file can no longer be applied because the state was changed by\nanother operation after the plan was created.\n",
			want:        KindStalePlan,
			summary:     "the state has changed since the plan was made; plan again",
		},
		"a registry out of reach": {
			diagnostics: "Error: Failed to query available provider packages\n\nCould not retrieve the list of available versions for provider hashicorp/aws:\ncould not connect to registry.terraform.io\n",
			want:        KindProvider,
		},
		"a root that was never initialised": {
			diagnostics: "Error: Inconsistent dependency lock file\n\nThe following dependency selections recorded in the lock file are inconsistent\n",
			want:        KindInit,
		},
		"a module that is not installed": {
			diagnostics: "Error: Module not installed\n\n  on main.tf line 1:\n   1: module \"a\" {\n\nThis module is not yet installed.\n",
			want:        KindInit,
		},
		"a backend that changed": {
			diagnostics: "Error: Backend initialization required, please run \"terraform init\"\n\nReason: Backend configuration block has changed\n",
			want:        KindBackend,
		},
		"anything else is told by its title and first paragraph": {
			diagnostics: "Error: Invalid value for variable\n\n  on main.tf line 3, in module \"m\":\n   3:   status_code = 200\n    ├────────────────\n    │ var.status_code is 200\n\nThe status must be\n400 to 599.\n\nThis was checked by a validation rule.\n",
			want:        KindOther,
			summary:     "Invalid value for variable: The status must be 400 to 599.",
		},
		"an announcement is passed over for what it announces": {
			diagnostics: "Error: Terraform encountered problems during initialisation, including problems\nwith the configuration, described below.\n\nMore.\n\n\nError: Unsupported block type\n\nBlocks of type \"x\" are not expected here.\n",
			want:        KindOther,
			summary:     `Unsupported block type: Blocks of type "x" are not expected here.`,
		},
		"silence is told as such": {
			want:    KindOther,
			summary: "it failed without saying why",
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			cause := errors.New("exit status 1")
			err := classify("apply", complaints{found: readDiagnostics(tc.diagnostics), rest: tc.diagnostics}, cause)
			require.ErrorIs(t, err, cause)
			assert.Equal(t, tc.want, KindOf(err))
			assert.Contains(t, err.Error(), tc.summary)
			assert.NotContains(t, err.Error(), "\n", "one sentence")
			assert.NotContains(t, err.Error(), "planted")
		})
	}
}

func TestDetailHoldsNoValues(t *testing.T) {
	for name, diagnostics := range map[string]string{
		"plain": "Error: Bad\n\n  on main.tf line 1:\n   1: x = var.token\n    ├────────────────\n    │ var.token is \"hunter2\"\n\nNo.\n",
		"boxed": "╷\n│ Error: Bad\n│ \n│   on main.tf line 1:\n│    1: x = var.token\n│     ├────────────────\n│     │ var.token is \"hunter2\"\n│ \n│ No.\n╵\n",
	} {
		t.Run(name, func(t *testing.T) {
			var e *Error
			require.ErrorAs(t, classify("plan", complaints{found: readDiagnostics(diagnostics)}, nil), &e)
			assert.NotContains(t, e.Detail, "hunter2")
			assert.Equal(t, "Bad: No.", e.Summary)
		})
	}
}

func TestClassifyGivesTheLock(t *testing.T) {
	var e *Error
	require.ErrorAs(t, classify("plan", complaints{found: readDiagnostics(lockedDiagnostics)}, nil), &e)
	assert.Equal(t, &Lock{
		ID:        "6e4a9f9e-1f0a-1e6e-3a57-0a1d4cf1f1f0",
		Operation: "OperationTypeApply",
		Who:       "ada@build-7",
		Created:   "2026-11-24 01:02:03.4 +0000 UTC",
	}, e.Lock)
}

func TestKindOfAnErrorThatIsNotOurs(t *testing.T) {
	assert.Equal(t, KindOther, KindOf(context.Canceled))
}

func TestAVariableFilesLinesAreNotQuoted(t *testing.T) {
	for _, place := range []string{"terraform.tfvars line 1", "prod.auto.tfvars.json line 3", "<value for var.api_token> line 1"} {
		err := classify("plan", complaints{found: readDiagnostics("\u2577\n\u2502 Error: Invalid expression\n\u2502 \n\u2502   on " + place + ":\n\u2502    1: api_token = planted-99\n\u2502    2: other = planted-98\n\u2502 \n\u2502 Expected the start of an expression.\n\u2575\n")}, nil)
		var e *Error
		require.ErrorAs(t, err, &e)
		assert.NotContains(t, e.Error()+e.Detail, "planted", place)
		assert.Contains(t, e.Detail, place)
		assert.Contains(t, e.Detail, "Expected the start of an expression.")
	}
}

// said is what a command complains of in JSON lines.
func said(t *testing.T, lines ...string) complaints {
	t.Helper()
	l := &listener{to: io.Discard, errTo: io.Discard}
	for _, line := range lines {
		l.hear([]byte(line))
	}
	return l.complaints([]string{"/elsewhere/values.tf"})
}

func TestWhatIsSaidInJSONIsToldWithoutQuotations(t *testing.T) {
	const snippet = `,"snippet":{"context":null,"code":"token = planted","start_line":1,"values":[{"traversal":"var.token","statement":"is planted"}]}`
	for name, line := range map[string]string{
		"a variable file with any name": `{"type":"diagnostic","diagnostic":{"severity":"error","summary":"Invalid","detail":"Told: \"planted\" is no keyword; see \"planted and more.","range":{"filename":"secrets","start":{"line":1}}` + snippet + `}}`,
		"one that is called as code is": `{"type":"diagnostic","diagnostic":{"severity":"error","summary":"Invalid \"planted\"","detail":"Told: \"planted\".","range":{"filename":"values.tf","start":{"line":1}}` + snippet + `}}`,
		"the configuration":             `{"type":"diagnostic","diagnostic":{"severity":"error","summary":"Invalid","detail":"Told: \"main\".","range":{"filename":"main.tf","start":{"line":1}}` + snippet + `}}`,
	} {
		t.Run(name, func(t *testing.T) {
			var e *Error
			require.ErrorAs(t, classify("plan", said(t, line), nil), &e)
			assert.NotContains(t, e.Error()+e.Detail, "planted")
			assert.Contains(t, e.Detail, "Told")
			assert.Contains(t, e.Detail, "line 1")
		})
	}
}

func TestWhatOthersWroteIsNotLetActOnATerminal(t *testing.T) {
	for _, c := range []complaints{
		said(t, `{"type":"diagnostic","diagnostic":{"severity":"error","summary":"A\u001b[2JB","detail":"C\u202eD\nError: fine"}}`),
		{found: readDiagnostics("Error: A\x1b]0;t\aB\n\nC\u202eD\n")},
		{rest: "A\x1b[2J\u202e"},
		{found: readDiagnostics(strings.Replace(lockedDiagnostics, "ada@build-7", "ada\u202e\x1bc", 1))},
	} {
		var e *Error
		require.ErrorAs(t, classify("plan", c, nil), &e)
		assert.Equal(t, plain.Line(e.Error()), e.Error())
		assert.Equal(t, plain.Text(e.Detail), e.Detail)
	}
	err := classify("plan", said(t, `{"type":"diagnostic","diagnostic":{"severity":"error","summary":"`+strings.Repeat("long ", 1000)+`"}}`), nil)
	assert.Less(t, len(err.Error()), 700)
}
