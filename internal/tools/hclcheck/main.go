// Command hclcheck says whether every module and example is formatted and
// valid. It works on a copy, with the binary and the provider that the sandbox
// uses, so it leaves nothing behind and runs offline.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path"
	"path/filepath"
	"slices"

	"github.com/hashicorp/terraform-exec/tfexec"
	tfjson "github.com/hashicorp/terraform-json"
	"golang.org/x/sync/errgroup"

	kit "apigateway-maintenance"
	"apigateway-maintenance/internal/terraform"
	"apigateway-maintenance/internal/toolchain"
)

// atOnce bounds the providers that run at a time: each takes a core and some
// hundred megabytes.
const atOnce = 2

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := check(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "hclcheck:", err)
		stop()
		os.Exit(1)
	}
}

func check(ctx context.Context) error {
	tools, err := toolchain.Prepare(ctx, toolchain.EnsureOptions{Progress: func(s string) { fmt.Println(s) }})
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "hclcheck-")
	if err != nil {
		return fmt.Errorf("make a folder to check in: %w", err)
	}
	defer os.RemoveAll(dir)
	if err := os.CopyFS(dir, kit.Files); err != nil {
		return fmt.Errorf("copy the modules and examples: %w", err)
	}
	folders, err := roots(dir)
	if err != nil {
		return err
	}
	return errors.Join(checkFormat(ctx, tools, dir), validateAll(ctx, tools, dir, folders))
}

// roots are the folders below modules and examples that hold configuration.
func roots(dir string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*", "*", "versions.tf"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, errors.New("found no module and no example")
	}
	folders := make([]string, len(files))
	for i, file := range files {
		if folders[i], err = filepath.Rel(dir, filepath.Dir(file)); err != nil {
			return nil, err
		}
	}
	return slices.Compact(folders), nil
}

func checkFormat(ctx context.Context, tools *toolchain.Toolchain, dir string) error {
	tf, err := tfexec.NewTerraform(dir, tools.Binary.Path)
	if err != nil {
		return err
	}
	ok, files, err := tf.FormatCheck(ctx, tfexec.Recursive(true))
	if err != nil {
		return fmt.Errorf("check the format: %w", err)
	}
	if !ok {
		return fmt.Errorf("not formatted: %q; run terraform fmt -recursive", files)
	}
	return nil
}

func validateAll(ctx context.Context, tools *toolchain.Toolchain, dir string, folders []string) error {
	failures := make([]error, len(folders))
	var group errgroup.Group
	group.SetLimit(atOnce)
	for i, folder := range folders {
		group.Go(func() error {
			failures[i] = validate(ctx, tools.Runner(filepath.Join(dir, folder)), path.Clean(filepath.ToSlash(folder)))
			return nil
		})
	}
	_ = group.Wait() // the functions never fail: each keeps its own error
	return errors.Join(failures...)
}

func validate(ctx context.Context, r *terraform.Runner, name string) error {
	if err := r.Init(ctx, "-backend=false"); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	result, err := r.Validate(ctx)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	var found []error
	for _, d := range result.Diagnostics {
		found = append(found, fmt.Errorf("%s: %s%s: %s", name, position(d), d.Summary, d.Detail))
	}
	if len(found) == 0 {
		fmt.Println("valid:", name)
	}
	return errors.Join(found...)
}

// position of a diagnostic; a warning counts like an error, since a deprecated
// argument of today is the next provider's error.
func position(d tfjson.Diagnostic) string {
	if d.Range == nil {
		return ""
	}
	return fmt.Sprintf("%s:%d: ", d.Range.Filename, d.Range.Start.Line)
}
