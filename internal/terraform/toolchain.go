package terraform

import (
	"context"
	"os"
)

// Toolchain is all that the sandbox or a test needs to run a root anywhere:
// the binary and an environment that leads to its provider and to nothing
// inherited.
type Toolchain struct {
	Binary Binary
	// Mirror is where the AWS provider comes from; nil means its registry,
	// through a plugin cache.
	Mirror *Mirror
	// CLIConfig is the configuration written for it.
	CLIConfig string
	// Env is isolated (see [Isolated]) and names CLIConfig.
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
		Env:       Isolated([]string{"TF_CLI_CONFIG_FILE=" + config}),
	}, nil
}

// Runner runs the toolchain's binary in dir; extra entries ("NAME=value", such
// as the emulator's) come over the isolated environment.
func (t *Toolchain) Runner(dir string, extra ...string) *Runner {
	r := New(dir, t.Binary)
	r.Env = merge(t.Env, extra)
	if t.Mirror == nil {
		r.initLock = t.CLIConfig + ".lock"
	}
	return r
}
