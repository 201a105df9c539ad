package docs_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write the files that tests of this package compare")

const noticeHead = `API Gateway maintenance kit
Copyright 2026 the API Gateway maintenance kit authors

The commands are linked with the Go modules below, each under its own licence.
The texts of these licences are in the modules, which "go mod download" fetches;
whoever passes on a built command passes them on with it. What is under the
Mozilla Public License 2.0 is used unchanged; its source is the module itself.

The Go standard library and runtime: Copyright 2009 The Go Authors, BSD licence.
`

// licences are told by a phrase of theirs, in this order.
var licences = []struct{ name, phrase string }{
	{"Mozilla Public License 2.0", "Mozilla Public License"},
	{"MIT licence and Apache License 2.0", "two different licenses: MIT and Apache"},
	{"MIT licence", "Permission is hereby granted, free of charge"},
	{"Apache License 2.0", "Apache License"},
	{"BSD licences", "Redistribution and use in source and binary forms"},
}

var (
	copyrightLine = regexp.MustCompile(`(?mi)^[ \t]*(copyright (?:\(c\)|©|[0-9]|IBM|the ).*)$`)
	rights        = regexp.MustCompile(`(?i)\.?\s*(?:all rights reserved)?\.?\s*$`)
)

// TestNoticeNamesWhatTheCommandsLink compares NOTICE with the modules' own
// licences and notices, which Apache's and others want passed on.
func TestNoticeNamesWhatTheCommandsLink(t *testing.T) {
	path := filepath.Join(root, "NOTICE")
	want := noticeHead + noticeOf(t, linkedModules(t))
	if *update {
		require.NoError(t, os.WriteFile(path, []byte(want), 0o644))
	}

	have, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, want, string(have), "the commands' modules changed; run: go test ./docs -run Notice -update")
}

// linkedModules are the folders of the modules that the commands link, by path.
func linkedModules(t *testing.T) map[string]string {
	t.Helper()
	list := exec.Command("go", "list", "-deps", "-f", `{{with .Module}}{{if not .Main}}{{.Path}} {{.Dir}}{{end}}{{end}}`, "./cmd/...")
	list.Dir, list.Stderr = root, os.Stderr
	out, err := list.Output()
	require.NoError(t, err)

	modules := map[string]string{}
	for line := range strings.Lines(string(out)) {
		if path, dir, found := strings.Cut(strings.TrimSpace(line), " "); found {
			modules[path] = dir
		}
	}
	require.NotEmpty(t, modules)
	return modules
}

func noticeOf(t *testing.T, modules map[string]string) string {
	t.Helper()
	sections := map[string]string{}
	for _, path := range slices.Sorted(maps.Keys(modules)) {
		licence := firstFile(t, modules[path], "LICENSE*", "LICENCE*", "COPYING*")
		name := licenceName(licence)
		require.NotEmpty(t, name, "the licence of %s is of a kind that NOTICE has no section for", path)

		lines := []string{firstFile(t, modules[path], "NOTICE*")}
		if lines[0] == "" || strings.HasPrefix(name, "MIT") {
			lines = append(copyrights(licence), lines...)
		}
		sections[name] += entry(path, strings.Join(lines, "\n"))
	}

	var all strings.Builder
	for _, name := range slices.Sorted(maps.Keys(sections)) {
		fmt.Fprintf(&all, "\n%s\n%s\n%s", name, strings.Repeat("-", len(name)), sections[name])
	}
	return all.String()
}

func entry(path, text string) string {
	out := "\n" + path + "\n"
	for line := range strings.Lines(strings.TrimSpace(text)) {
		out += strings.TrimRight("    "+line, " \n") + "\n"
	}
	return out
}

func licenceName(text string) string {
	for _, l := range licences {
		if strings.Contains(text, l.phrase) {
			return l.name
		}
	}
	return ""
}

func copyrights(licence string) []string {
	var lines []string
	for _, m := range copyrightLine.FindAllStringSubmatch(licence, -1) {
		if line := rights.ReplaceAllString(m[1], ""); !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	return lines
}

// firstFile is the text of the first file that a pattern finds, if any.
func firstFile(t *testing.T, dir string, patterns ...string) string {
	t.Helper()
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join(dir, pattern))
		require.NoError(t, err)
		if len(files) > 0 {
			content, err := os.ReadFile(files[0])
			require.NoError(t, err)
			return string(content)
		}
	}
	return ""
}
