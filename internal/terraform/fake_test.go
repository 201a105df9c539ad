package terraform

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/go-version"
	"github.com/stretchr/testify/require"
)

// The test binary plays Terraform when FAKE_TERRAFORM names a script: what it
// prints and how it ends. It writes down how it was called.
type script struct {
	Stdout, Stderr string
	Exit           int
	// AwaitInterrupt makes it run until SIGINT, then end as scripted. WasTold says
	// that it was told to stop before, and counts how often it is told again.
	AwaitInterrupt, WasTold bool
	// Late is how long after its start it begins to work.
	Late time.Duration
	// Stubborn makes it start a child, write its process id down in this file
	// and ignore SIGINT.
	Stubborn string
	// Record is the file that gets a call per line.
	Record string
}

// call is how the fake was called.
type call struct {
	Args []string
	Dir  string
	Env  []string
	// Files are the variable files that were there, by absolute path.
	Files map[string]callFile
	// Piped says that it writes to a pipe.
	Piped bool
}

type callFile struct {
	Text string
	Mode os.FileMode
}

const scriptEnv = "FAKE_TERRAFORM"

func TestMain(m *testing.M) {
	if text := os.Getenv(scriptEnv); text != "" {
		os.Exit(play(text))
	}
	os.Exit(m.Run())
}

func play(text string) int {
	var s script
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 99
	}
	if s.Stubborn != "" {
		return stay(s.Stubborn)
	}
	if s.AwaitInterrupt {
		interrupted := make(chan os.Signal, 2)
		signal.Notify(interrupted, os.Interrupt)
		fmt.Println("waiting")
		time.Sleep(s.Late)
		for len(interrupted) > 0 {
			<-interrupted // forgotten, as Terraform does
		}
		fmt.Println(`{"@message":"working","type":"apply_start"}`)
		if s.WasTold {
			fmt.Println(`{"@message":"Interrupt received.\nPlease wait","type":"log"}`)
			select {
			case <-interrupted:
				fmt.Println("told twice")
			case <-time.After(time.Second):
			}
			return s.Exit
		}
		select {
		case <-interrupted:
			fmt.Println("stopping gracefully")
		case <-time.After(time.Minute):
			return 98
		}
	}
	dir, _ := os.Getwd()
	line, _ := json.Marshal(call{Args: os.Args[1:], Dir: dir, Env: os.Environ(), Files: filesOf(os.Args), Piped: piped(os.Stdout) || piped(os.Stderr)})
	record, err := os.OpenFile(s.Record, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 97
	}
	defer record.Close()
	fmt.Fprintln(record, string(line))
	fmt.Print(s.Stdout)
	fmt.Fprint(os.Stderr, s.Stderr)
	return s.Exit
}

func piped(f *os.File) bool {
	info, err := f.Stat()
	return err != nil || !info.Mode().IsRegular()
}

func filesOf(args []string) map[string]callFile {
	files := map[string]callFile{}
	for _, arg := range args {
		path, _ := strings.CutPrefix(arg, "-var-file=")
		text, err := os.ReadFile(path)
		info, statErr := os.Stat(path)
		if filepath.IsAbs(path) && err == nil && statErr == nil && path != arg {
			files[path] = callFile{Text: string(text), Mode: info.Mode()}
		}
	}
	return files
}

// fake gives a Runner in a fresh root whose binary plays the script, and a
// function that reads how it was called.
func fake(t *testing.T, s script, extraEnv ...string) (*Runner, func() []call) {
	t.Helper()
	root := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(root, "main.tf"), nil, 0o600))
	s.Record = filepath.Join(t.TempDir(), "calls")
	text, err := json.Marshal(s)
	require.NoError(t, err)
	self, err := os.Executable()
	require.NoError(t, err)
	r := New(root, Binary{Name: Terraform, Version: version.Must(version.NewVersion("1.11.4")), Path: self})
	r.Env = Merge([]string{scriptEnv + "=" + string(text)}, extraEnv)
	return r, func() []call {
		t.Helper()
		content, err := os.ReadFile(s.Record)
		if os.IsNotExist(err) {
			return nil
		}
		require.NoError(t, err)
		var calls []call
		for line := range strings.Lines(string(content)) {
			var c call
			require.NoError(t, json.Unmarshal([]byte(line), &c))
			calls = append(calls, c)
		}
		return calls
	}
}

// executableFile writes a shell script; name is what PATH finds it by.
func executableFile(t *testing.T, dir, name, body string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, os.WriteFile(path, []byte("#!/bin/sh\n"+body+"\n"), 0o755))
	return path
}

// stay plays a Terraform that has a provider and does not end when asked to.
func stay(file string) int {
	signal.Ignore(os.Interrupt)
	provider := exec.Command("/bin/sleep", "300")
	if err := provider.Start(); err != nil {
		return 97
	}
	written := os.WriteFile(file+".new", []byte(strconv.Itoa(provider.Process.Pid)), 0o600)
	if err := errors.Join(written, os.Rename(file+".new", file)); err != nil {
		return 96
	}
	fmt.Println(`{"@message":"working","type":"apply_start"}`)
	time.Sleep(5 * time.Minute)
	return 95
}
