package main

import (
	"context"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

const (
	packageName    = "@cdktn/provider-aws"
	packageVersion = "25.7.0"
	// packageIntegrity is the registry's dist.integrity of that version.
	packageIntegrity = "sha512-E/nhu0yVZE4mXMgIPuI8tEFt1BExLkA7ARjihdG+/HmfDfzLr+OEF3dkFRvI6glRt30lrrBWQLwXqCJBxcmyUg=="
	packageFile      = "cdktn-provider-aws-" + packageVersion + ".tgz"

	// providerVersion is what that package was generated from; readBindings
	// checks that the package says so too.
	providerVersion = "6.66.0"
)

// fetch gives the package's path in dir, downloading it with npm where it is
// missing or damaged. Whatever its origin, its content is checked each time.
func fetch(ctx context.Context, dir string) (string, error) {
	path := filepath.Join(dir, packageFile)
	if verify(path) == nil {
		return path, nil
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("make the package cache: %w", err)
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return "", fmt.Errorf("npm is not installed, and %s is not in %s; install npm (it only downloads)", packageFile, dir)
	}
	fmt.Printf("downloading %s %s (46 MB)\n", packageName, packageVersion)
	cmd := exec.CommandContext(ctx, npm, "pack", "--silent", "--ignore-scripts", "--pack-destination", ".", packageName+"@"+packageVersion)
	cmd.Dir = dir
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("npm pack %s@%s: %w\n%s", packageName, packageVersion, err, out)
	}
	if err := verify(path); err != nil {
		return "", errors.Join(err, os.Remove(path))
	}
	return path, nil
}

func verify(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open the package: %w", err)
	}
	defer file.Close()
	sum := sha512.New()
	if _, err := io.Copy(sum, file); err != nil {
		return fmt.Errorf("read the package: %w", err)
	}
	if got := "sha512-" + base64.StdEncoding.EncodeToString(sum.Sum(nil)); got != packageIntegrity {
		return fmt.Errorf("%s is not the pinned package: its integrity is %s", path, got)
	}
	return nil
}
