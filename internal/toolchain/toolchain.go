// Package toolchain prepares a reproducible run on any machine for the sandbox
// and the tests: it finds or installs a Terraform or OpenTofu, finds the AWS
// provider offline or caches it online, and isolates the child from inherited
// AWS and Terraform settings. Operators never need it: their command runs what
// they have, through package terraform alone.
package toolchain

import (
	"context"
	"os"
	"time"

	"github.com/gofrs/flock"

	"apigateway-maintenance/internal/terraform"
)

// Toolchain is all that the sandbox or a test needs to run a root anywhere:
// the binary and an environment that leads to its provider and to nothing
// inherited.
type Toolchain struct {
	Binary terraform.Binary
	// Mirror is where the AWS provider comes from; nil means its registry,
	// through a plugin cache.
	Mirror *Mirror
	// CLIConfig is the configuration written for it.
	CLIConfig string
	// Env is isolated (see [terraform.Isolated]) and names CLIConfig.
	Env []string
}

// Prepare makes a [Toolchain]: [Ensure] for the binary, [FindMirror] for the
// provider, and a CLI configuration of its own.
func Prepare(ctx context.Context, opts EnsureOptions) (*Toolchain, error) {
	if opts.CacheDir == "" {
		opts.CacheDir = CacheDir()
	}
	binary, err := Ensure(ctx, opts)
	if err != nil {
		return nil, err
	}
	mirror, err := FindMirror(ctx, os.Environ())
	if err != nil {
		return nil, err
	}
	config, err := writeCLIConfig(opts.CacheDir, binary, mirror)
	if err != nil {
		return nil, err
	}
	return &Toolchain{
		Binary:    binary,
		Mirror:    mirror,
		CLIConfig: config,
		Env:       terraform.Isolated([]string{"TF_CLI_CONFIG_FILE=" + config}),
	}, nil
}

// Runner runs the toolchain's binary in dir; extra entries ("NAME=value", such
// as the emulator's) come over the isolated environment.
func (t *Toolchain) Runner(dir string, extra ...string) *terraform.Runner {
	r := terraform.New(dir, t.Binary)
	r.Env = terraform.Merge(t.Env, extra)
	if t.Mirror == nil {
		r.BeforeInit = t.lockCache
	}
	return r
}

// lockCache takes turns: Terraform's plugin cache is not safe for two inits at
// a time (developer.hashicorp.com/terraform/cli/config/config-file#provider-plugin-cache).
func (t *Toolchain) lockCache(ctx context.Context) (release func(), err error) {
	lock := flock.New(t.CLIConfig + ".lock")
	if _, err := lock.TryLockContext(ctx, 200*time.Millisecond); err != nil {
		return nil, &terraform.Error{Kind: terraform.KindInterrupted, Op: "init", Summary: "gave up waiting for another init to fill the plugin cache", Err: err}
	}
	return func() { lock.Close() }, nil
}
