// Package toolchain prepares a reproducible run on any machine for the sandbox
// and the tests: it finds or installs a Terraform or OpenTofu, finds the AWS
// provider offline or caches it online, and isolates the child from inherited
// AWS and Terraform settings. Operators never need it: their command runs what
// they have, through package terraform alone.
package toolchain

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/flock"

	"apigateway-maintenance/internal/terraform"
)

// Toolchain is all that the sandbox or a test needs to run a root anywhere:
// the binary and an environment that leads to its provider and to nothing
// inherited.
type Toolchain struct {
	Binary terraform.Binary
	// Mirror is where the AWS provider comes from; nil means its registry, from
	// which [RunVersion] is downloaded once.
	Mirror *Mirror
	// CLIConfig is the configuration written for it.
	CLIConfig string
	// Env is isolated (see [terraform.Isolated]) and names CLIConfig.
	Env []string

	cacheDir string
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
	return with(binary, mirror, opts.CacheDir)
}

// With is the same toolchain with the provider of another mirror.
func (t *Toolchain) With(mirror *Mirror) (*Toolchain, error) {
	return with(t.Binary, mirror, t.cacheDir)
}

func with(binary terraform.Binary, mirror *Mirror, cacheDir string) (*Toolchain, error) {
	config, err := writeCLIConfig(cacheDir, binary, mirror)
	if err != nil {
		return nil, err
	}
	return &Toolchain{
		Binary:    binary,
		Mirror:    mirror,
		CLIConfig: config,
		Env:       terraform.Isolated([]string{"TF_CLI_CONFIG_FILE=" + config}),
		cacheDir:  cacheDir,
	}, nil
}

// Runner runs the toolchain's binary in dir; extra entries ("NAME=value", such
// as the emulator's) come over the isolated environment.
func (t *Toolchain) Runner(dir string, extra ...string) *terraform.Runner {
	r := terraform.New(dir, t.Binary)
	r.Env = terraform.Merge(t.Env, extra)
	if t.Mirror == nil {
		r.BeforeInit = t.download
	}
	return r
}

// downloads is where a download of the provider ends: a folder that Terraform fills
// has the layout of a mirror.
func downloads(cacheDir string, b terraform.Binary) string {
	return filepath.Join(cacheDir, "provider", b.Name, ".terraform", "providers")
}

// download gets [RunVersion] once, by an init of a root that asks for just that:
// any other would take the newest that there is. Inits take turns at it.
func (t *Toolchain) download(ctx context.Context) (release func(), err error) {
	target := downloads(t.cacheDir, t.Binary)
	root := filepath.Dir(filepath.Dir(target))
	if err := os.MkdirAll(root, 0o755); err != nil {
		return nil, fmt.Errorf("make a folder for the provider: %w", err)
	}
	lock := flock.New(filepath.Join(root, "lock"))
	if _, err := lock.TryLockContext(ctx, 200*time.Millisecond); err != nil {
		return nil, &terraform.Error{Kind: terraform.KindInterrupted, Op: "init", Summary: "gave up waiting for another init to download the provider", Err: err}
	}
	defer lock.Close()
	if mirrorAt(target, RunVersion) == nil {
		if err := t.downloadTo(ctx, root); err != nil {
			return nil, err
		}
	}
	return func() {}, nil
}

func (t *Toolchain) downloadTo(ctx context.Context, root string) error {
	for name, content := range map[string]string{
		"direct.tfrc": "disable_checkpoint = true\n",
		"main.tf":     "terraform {\n  required_providers {\n    aws = {\n      source  = \"" + awsProvider + "\"\n      version = \"" + RunVersion + "\"\n    }\n  }\n}\n",
	} {
		if err := writeFile(filepath.Join(root, name), content); err != nil {
			return fmt.Errorf("write a root that asks for the provider: %w", err)
		}
	}
	r := terraform.New(root, t.Binary)
	r.Env = terraform.Isolated([]string{"TF_CLI_CONFIG_FILE=" + filepath.Join(root, "direct.tfrc")})
	return r.Init(ctx)
}
