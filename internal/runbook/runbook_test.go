package runbook

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/plain"
)

func example() Runbook {
	return Runbook{
		Version:   Version,
		WrittenAt: time.Date(2026, 11, 24, 1, 2, 3, 0, time.UTC),
		Workspace: "default",
		Region:    "eu-central-1",
		Variable:  "maintenance_mode",
		Mappings: []Mapping{
			{Domain: "api.example.com", Path: "/", Live: maintenance.Target{APIID: "live1", StageName: "live"}, Maintenance: maintenance.Target{APIID: "mock1", StageName: "maintenance"}},
			{Domain: "api.example.com", Path: "/v1.(a)'s$x", Live: maintenance.Target{APIID: "live2", StageName: "prod"}, Maintenance: maintenance.Target{APIID: "mock1", StageName: "maintenance"}},
			{Domain: "api.example.com", Path: "/health", Live: maintenance.Target{APIID: "live3", StageName: "live"}, Maintenance: maintenance.Target{APIID: "mock1", StageName: "maintenance"}, Exempt: "live"},
		},
	}
}

// words are what sh makes of a line: each argument on a line of its own.
func words(t require.TestingT, line string) []string {
	out, err := exec.Command("/bin/sh", "-c", `aws() { printf '%s\n' "$@"; }; `+line).Output()
	require.NoError(t, err, line)
	return append([]string{"aws"}, strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")...)
}

func TestCommandsAreTheCallsOfTheAWSCLI(t *testing.T) {
	on := example().Commands(maintenance.On)
	require.Len(t, on, 2, "the exempt path is not switched")
	assert.Equal(t, "aws apigateway update-base-path-mapping --domain-name=api.example.com '--base-path=(none)' "+
		"--patch-operations op=replace,path=/restapiId,value=mock1 op=replace,path=/stage,value=maintenance --region=eu-central-1", on[0].String())
	assert.Equal(t, "/", on[0].Mapping.Path)
	off := example().Commands(maintenance.Off)
	require.Len(t, off, 2)
	assert.Contains(t, off[1].Args, "op=replace,path=/restapiId,value=live2")
	assert.Contains(t, off[1].Args, "op=replace,path=/stage,value=prod")
	checks := example().Checks()
	require.Len(t, checks, 1, "one look for each domain")
	assert.Contains(t, checks[0].String(), "get-base-path-mappings --domain-name=api.example.com --region=eu-central-1")
}

func TestABasePathIsNeverTakenForAFlag(t *testing.T) {
	r := example()
	r.Mappings[1].Path = "/--region"
	require.NoError(t, r.Validate())
	var flags []string
	for _, arg := range r.Commands(maintenance.On)[1].Args[3:] {
		name, value, valued := strings.Cut(arg, "=")
		if strings.HasPrefix(arg, "-") {
			flags = append(flags, name)
			assert.Equal(t, name != "--patch-operations", valued, arg)
		}
		if name == "--base-path" {
			assert.Equal(t, "--region", value)
		}
	}
	assert.Equal(t, []string{"--domain-name", "--base-path", "--patch-operations", "--region"}, flags)
}

func TestAMappingWhoseCallersNameTheStageIsSwitchedLikeTheOthers(t *testing.T) {
	r := example()
	r.Mappings[1].Live.StageName = ""
	require.NoError(t, r.Validate())
	on, off := r.Commands(maintenance.On)[1], r.Commands(maintenance.Off)[1]
	assert.Contains(t, on.Args, "op=replace,path=/stage,value=maintenance")
	assert.Contains(t, off.Args, "op=replace,path=/stage,value=")
	assert.Contains(t, off.What, "live2 (callers name the stage)")
	assert.Equal(t, off.Args, words(t, off.String()))
}

func TestAFilesWordsAreToldInALineAndShortened(t *testing.T) {
	r := example()
	r.Region = "eu\x1b[2J\n\u202e" + strings.Repeat("long", 1000)
	r.Mappings[0].Domain = "a\nError: none\u009b"
	err := r.Validate()
	require.Error(t, err)
	assert.Equal(t, plain.Line(err.Error()), err.Error())
	assert.Less(t, len(err.Error()), 1000)
	r = example()
	r.Workspace = "blue\x1b[2J\u202e" + strings.Repeat("long", 1000)
	assert.Equal(t, plain.Text(r.Script(maintenance.On)), r.Script(maintenance.On))
}

func TestShReadsTheArgumentsBack(t *testing.T) {
	for _, c := range append(example().Commands(maintenance.On), example().Checks()...) {
		assert.Equal(t, c.Args, words(t, c.String()))
	}
}

func TestShReadsAnyQuotedWordBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.RuneFrom([]rune("aZ0 '\"$`\\()*?~#;&|<>{}!-=%")), 0, 12, -1).Draw(t, "word")
		assert.Equal(t, []string{"aws", word}, words(t, Command{Args: []string{"aws", word}}.String()))
	})
}

func TestScriptParsesAndTellsWhatToDoAfterwards(t *testing.T) {
	r := example()
	r.Workspace = "blue\n rm -rf /"
	for _, mode := range []maintenance.Direction{maintenance.On, maintenance.Off} {
		script := r.Script(mode)
		file := filepath.Join(t.TempDir(), "switch.sh")
		require.NoError(t, os.WriteFile(file, []byte(script), 0o600))
		out, err := exec.Command("/bin/sh", "-n", file).CombinedOutput()
		require.NoError(t, err, string(out))
		var calls int
		for line := range strings.Lines(script) {
			line = strings.TrimSpace(line)
			if strings.HasPrefix(line, "aws ") {
				calls++
				continue
			}
			assert.Regexp(t, `^(#.*|set -eu|export AWS_PAGER=''|failed=0|if \[ "\$failed" != 0 \]; then .* exit 1; fi|)$`, line, "nothing but comments, calls and their outcome")
		}
		assert.Equal(t, 4, calls, "a look, two switches, a look")
		assert.Contains(t, script, "https://api.example.com/health stays live")
	}
	assert.Contains(t, r.Script(maintenance.On), "until maintenance_mode = true")
	assert.Contains(t, r.Script(maintenance.On), "verify --expect=on https://api.example.com/ 'https://api.example.com/v1.(a)'\"'\"'s$x'")
	assert.Contains(t, r.Script(maintenance.Off), "until maintenance_mode = false")
}

func TestACallThatFailsKeepsNoneOfTheOthersFromBeingMade(t *testing.T) {
	for _, c := range []struct {
		name, fails string
		code        int
	}{
		{"a look that fails is no failure", "get-base-path-mappings", 0},
		{"a switch that fails is told at the end", "(none)", 1},
		{"all goes well", "nothing", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			// An aws that writes its calls down and fails where asked to.
			stub := "#!/bin/sh\necho \"$*\" >>\"" + dir + "/calls\"\ncase \"$*\" in *\"" + c.fails + "\"*) exit 254;; esac\n"
			require.NoError(t, os.WriteFile(filepath.Join(dir, "aws"), []byte(stub), 0o700))
			cmd := exec.Command("/bin/sh")
			cmd.Stdin = strings.NewReader(example().Script(maintenance.On))
			cmd.Env = []string{"PATH=" + dir + ":/usr/bin:/bin"}
			out, err := cmd.CombinedOutput()
			assert.Equal(t, c.code, cmd.ProcessState.ExitCode(), "%s %v", out, err)
			calls, err := os.ReadFile(filepath.Join(dir, "calls"))
			require.NoError(t, err)
			assert.Equal(t, 4, strings.Count(string(calls), "\n"), "%s", calls)
		})
	}
}

func TestAFileIsReadAsItWasSaved(t *testing.T) {
	file := filepath.Join(t.TempDir(), "runbook.json")
	want := example()
	require.NoError(t, want.Save(file))
	want.Workspace = "blue"
	require.NoError(t, want.Save(file), "over an earlier one")
	got, err := Load(file)
	require.NoError(t, err)
	assert.Equal(t, want, got)
	left, err := os.ReadDir(filepath.Dir(file))
	require.NoError(t, err)
	assert.Len(t, left, 1, "no temporary file stays")

	broken := want
	broken.Mappings = nil
	require.Error(t, broken.Save(file))
	got, err = Load(file)
	require.NoError(t, err)
	assert.Equal(t, want, got, "a runbook that cannot be used leaves the earlier one")
}

func TestRefusals(t *testing.T) {
	change := func(f func(*Runbook)) string {
		r := example()
		f(&r)
		text, err := json.Marshal(r)
		require.NoError(t, err)
		return string(text)
	}
	cases := map[string]struct{ text, says string }{
		"what is not JSON":             {"hello", "not JSON"},
		"JSON that is no runbook":      {"{}", `no "version"`},
		"a version from the future":    {change(func(r *Runbook) { r.Version = 2 }), "version 2, and this command reads version 1"},
		"an unknown field":             {strings.Replace(change(func(*Runbook) {}), `"region"`, `"regoin"`, 1), "regoin"},
		"no mapping":                   {change(func(r *Runbook) { r.Mappings = nil }), "nothing to switch"},
		"no time":                      {change(func(r *Runbook) { r.WrittenAt = time.Time{} }), "written_at is missing"},
		"a region with a command":      {change(func(r *Runbook) { r.Region = "eu-central-1; reboot" }), "no AWS region"},
		"a variable that is none":      {change(func(r *Runbook) { r.Variable = "a=b" }), "no name of a Terraform variable"},
		"a domain with a line break":   {change(func(r *Runbook) { r.Mappings[0].Domain = "a.b\nreboot" }), "mappings[0]"},
		"a path of several segments":   {change(func(r *Runbook) { r.Mappings[1].Path = "/a/b" }), `path "/a/b"`},
		"a comma in an API's id":       {change(func(r *Runbook) { r.Mappings[0].Live.APIID = "a,op=remove" }), "live.api_id"},
		"no stage":                     {change(func(r *Runbook) { r.Mappings[0].Maintenance.StageName = "" }), "maintenance.stage_name"},
		"both targets the same":        {change(func(r *Runbook) { r.Mappings[0].Live = r.Mappings[0].Maintenance }), "the same target"},
		"a path twice":                 {change(func(r *Runbook) { r.Mappings[1].Path = "/" }), "is there twice"},
		"an exemption that is no mode": {change(func(r *Runbook) { r.Mappings[2].Exempt = "yes" }), "exempt"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(c.text))
			assert.ErrorContains(t, err, c.says)
		})
	}
	_, err := Load(filepath.Join(t.TempDir(), "none.json"))
	assert.ErrorIs(t, err, os.ErrNotExist)
}

func TestTheFileHoldsItsPromisedNames(t *testing.T) {
	var text bytes.Buffer
	require.NoError(t, example().Write(&text))
	for _, name := range []string{"version", "written_at", "workspace", "region", "variable", "mappings", "domain", "path", "live", "maintenance", "api_id", "stage_name", "exempt"} {
		assert.Contains(t, text.String(), `"`+name+`":`)
	}
}
