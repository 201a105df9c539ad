package terraform

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/hashicorp/go-version"

	"apigateway-maintenance/internal/maintenance"
)

// Names of the two products, which are also the names of their binaries.
const (
	Terraform = "terraform"
	OpenTofu  = "tofu"
)

// VersionConstraint is what the modules ask of Terraform and OpenTofu
// (required_version in their versions.tf).
const VersionConstraint = maintenance.TerraformVersions

// versionTimeout bounds `version`, which needs no network once the update
// check is off; a slower answer means a broken wrapper.
const versionTimeout = 20 * time.Second

// Binary is a Terraform or OpenTofu executable that was asked its version.
type Binary struct {
	// Name is [Terraform] or [OpenTofu], as the executable itself says,
	// whatever its file is called.
	Name string
	// Version is the release it reports.
	Version *version.Version
	// Path is absolute.
	Path string
}

// Title is the product's name in prose.
func (b Binary) Title() string {
	if b.Name == OpenTofu {
		return "OpenTofu"
	}
	return "Terraform"
}

// String gives the product, version and path for people.
func (b Binary) String() string {
	return fmt.Sprintf("%s %s (%s)", b.Title(), b.Version, b.Path)
}

// FindOptions tells [Find] what the operator named.
type FindOptions struct {
	// Path is a path or a name on PATH (as of --terraform-bin); empty looks
	// for the two products on PATH.
	Path string
	// Constraint defaults to [VersionConstraint].
	Constraint string
}

// Find picks the binary an operator meant and never installs one: the named
// one, else the only one of Terraform and OpenTofu on PATH. Both on PATH is an
// error, since their states and lock files drift apart once mixed.
// Its errors are [*Error] values of kind [KindBinary].
func Find(ctx context.Context, opts FindOptions) (Binary, error) {
	path, err := choose(opts.Path)
	if err != nil {
		return Binary{}, err
	}
	b, err := Probe(ctx, path)
	if err != nil {
		return Binary{}, err
	}
	if err := b.satisfies(opts.Constraint); err != nil {
		return Binary{}, err
	}
	return b, nil
}

func choose(named string) (string, error) {
	if named != "" {
		path, err := exec.LookPath(named)
		if err != nil {
			return "", binaryError(err, "%s is not an executable that can be run; name the Terraform or OpenTofu binary", named)
		}
		return path, nil
	}
	terraform, tfErr := exec.LookPath(Terraform)
	tofu, tofuErr := exec.LookPath(OpenTofu)
	switch {
	case tfErr != nil && tofuErr != nil:
		return "", binaryError(tfErr, "neither terraform nor tofu is on PATH; install one or name it with --terraform-bin")
	case tfErr == nil && tofuErr == nil:
		return "", binaryError(nil, "both terraform (%s) and tofu (%s) are on PATH; say with --terraform-bin (or MAINTENANCE_TERRAFORM_BIN) which one owns this root", terraform, tofu)
	case tfErr == nil:
		return terraform, nil
	default:
		return tofu, nil
	}
}

var versionLine = regexp.MustCompile(`(?m)^(Terraform|OpenTofu) v(\S+)`)

// Probe asks an executable what it is. It runs `version` without an update
// check, so it needs no network. Its errors are of kind [KindBinary].
func Probe(ctx context.Context, path string) (Binary, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return Binary{}, binaryError(err, "resolve %s", path)
	}
	ctx, cancel := context.WithTimeout(ctx, versionTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, abs, "version")
	cmd.Env = Isolated(nil)
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		return Binary{}, binaryError(err, "%s does not answer `version` (%s)", abs, firstLine(stderrOf(err)))
	}
	m := versionLine.FindStringSubmatch(string(out))
	if m == nil {
		return Binary{}, binaryError(nil, "%s is neither Terraform nor OpenTofu: its `version` says %q", abs, firstLine(string(out)))
	}
	v, err := version.NewVersion(m[2])
	if err != nil {
		return Binary{}, binaryError(err, "%s reports the version %q, which is none", abs, m[2])
	}
	name := Terraform
	if m[1] == "OpenTofu" {
		name = OpenTofu
	}
	return Binary{Name: name, Version: v, Path: abs}, nil
}

// satisfies compares the core version, since a constraint without a
// pre-release part would refuse every pre-release, 1.12.6-dev included.
func (b Binary) satisfies(constraint string) error {
	if constraint == "" {
		constraint = VersionConstraint
	}
	c, err := version.NewConstraint(constraint)
	if err != nil {
		return binaryError(err, "%q is not a version constraint", constraint)
	}
	if !c.Check(b.Version.Core()) {
		return binaryError(nil, "%s does not satisfy %q, which the modules need", b, constraint)
	}
	return nil
}

func binaryError(cause error, format string, args ...any) error {
	return &Error{Kind: KindBinary, Summary: fmt.Sprintf(format, args...), Err: cause}
}

func stderrOf(err error) string {
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		return string(exit.Stderr)
	}
	return err.Error()
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return strings.TrimSpace(line)
}
