package toolchain

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/go-version"

	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/terraform"
)

// MirrorEnv names the folder of a provider mirror, or "none" to use the
// registry even where a mirror could be found.
const MirrorEnv = "MAINTENANCE_PROVIDER_MIRROR"

// Provider6Env names the folder of a mirror that holds an AWS provider 6, for the
// test that runs on one.
const Provider6Env = "MAINTENANCE_PROVIDER6_MIRROR"

// RunVersion is the AWS provider on which everything was run: it is what is
// downloaded, and what is taken where a mirror has it.
const RunVersion = "5.100.0"

// ProviderConstraint is what the modules ask of hashicorp/aws (required_providers
// in their versions.tf); a mirror that has no such version is passed over.
const ProviderConstraint = maintenance.ProviderVersions

const (
	terraformRegistry = "registry.terraform.io"
	tofuRegistry      = "registry.opentofu.org"
	awsProvider       = "hashicorp/aws"
)

// The look at the usual places costs a start at most this much, and sees at
// most this many folders this deep below each place.
const (
	searchTime    = 700 * time.Millisecond
	searchFolders = 5000
	searchDepth   = 3
)

// Mirror is a filesystem mirror of providers
// (developer.hashicorp.com/terraform/cli/config/config-file#filesystem_mirror)
// that holds the AWS provider for this platform.
type Mirror struct {
	// Dir is the folder that holds the registry's folder.
	Dir string
	// Host is the registry that the mirror stands for.
	Host string
	// Version of the AWS provider in it that is taken: [RunVersion], or else the
	// newest that the modules accept.
	Version *version.Version
	// Alone says that it holds no other.
	Alone bool
	// Package is that version's unpacked platform folder, or its zip file.
	Package string
}

// FindMirror looks for a mirror of the AWS provider, in this order: the folder
// that [MirrorEnv] names in env, the folders that Terraform itself searches
// unasked, the user's plugin cache, then a bounded look at the places where
// images and packages tend to put one. It returns nil where there is none or
// [MirrorEnv] is "none", and an error where the named folder has no such
// provider, since silently going elsewhere would surprise.
func FindMirror(ctx context.Context, env []string) (*Mirror, error) {
	return findMirror(ctx, env, MirrorEnv, RunVersion, ProviderConstraint)
}

// FindMirror6 looks for an AWS provider 6 in the same way, and first in the folder
// that [Provider6Env] names.
func FindMirror6(ctx context.Context, env []string) (*Mirror, error) {
	return findMirror(ctx, env, Provider6Env, ">= 6.0, < 7.0")
}

// findMirror looks for a version of the first constraint that a mirror can meet.
func findMirror(ctx context.Context, env []string, variable string, constraints ...string) (*Mirror, error) {
	switch named := terraform.Lookup(env, variable); named {
	case "none":
		return nil, nil
	case "":
	default:
		if m := mirrorAt(named, constraints...); m != nil {
			return m, nil
		}
		return nil, &terraform.Error{Kind: terraform.KindProvider, Summary: variable + "=" + named + " holds no " + awsProvider + " " + constraints[len(constraints)-1] +
			" for " + platform() + "; expected " + filepath.Join(named, terraformRegistry, awsProvider, "<version>", platform())}
	}
	for _, dir := range impliedMirrors(env) {
		if m := mirrorAt(dir, constraints...); m != nil {
			return m, nil
		}
	}
	ctx, cancel := context.WithTimeout(ctx, searchTime)
	defer cancel()
	return searchMirror(ctx, usualPlaces(), constraints...), nil
}

// impliedMirrors are the folders Terraform searches without configuration
// (developer.hashicorp.com/terraform/cli/config/config-file#implied-local-mirror-directories),
// and the user's plugin cache, which has the same layout.
func impliedMirrors(env []string) []string {
	dirs := []string{filepath.Join("terraform.d", "plugins")}
	if home := terraform.Lookup(env, "HOME"); home != "" {
		dirs = append(dirs,
			filepath.Join(home, ".terraform.d", "plugins"),
			filepath.Join(home, ".terraform.d", "plugin-cache"))
		if runtime.GOOS == "darwin" {
			dirs = append(dirs, filepath.Join(home, "Library", "Application Support", "io.terraform", "plugins"))
		}
		if terraform.Lookup(env, "XDG_DATA_HOME") == "" {
			dirs = append(dirs, filepath.Join(home, ".local", "share", "terraform", "plugins"))
		}
	}
	if runtime.GOOS == "darwin" {
		dirs = append(dirs, "/Library/Application Support/io.terraform/plugins")
	}
	data := terraform.Lookup(env, "XDG_DATA_DIRS")
	if data == "" {
		data = "/usr/local/share:/usr/share"
	}
	for _, dir := range append([]string{terraform.Lookup(env, "XDG_DATA_HOME")}, filepath.SplitList(data)...) {
		if dir != "" {
			dirs = append(dirs, filepath.Join(dir, "terraform", "plugins"))
		}
	}
	if cache := terraform.Lookup(env, "TF_PLUGIN_CACHE_DIR"); cache != "" {
		dirs = append(dirs, cache)
	}
	return dirs
}

func usualPlaces() []string {
	return []string{"/opt", "/usr/local/share", "/usr/local/lib", "/usr/share/terraform", "/usr/lib/terraform", "/srv", "/var/lib", "/usr/share"}
}

// searchMirror walks breadth first, so that a mirror near the top of any place
// is found before a deep tree eats the time.
func searchMirror(ctx context.Context, places []string, constraints ...string) *Mirror {
	level, seen := places, 0
	for range searchDepth + 1 {
		var next []string
		for _, dir := range level {
			if seen++; seen > searchFolders || ctx.Err() != nil {
				return nil
			}
			if m := mirrorAt(dir, constraints...); m != nil {
				return m
			}
			next = append(next, subfolders(dir)...)
		}
		level = next
	}
	return nil
}

func subfolders(dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil // not there or not ours to read: not a mirror we can use
	}
	var dirs []string
	for _, e := range entries {
		if e.IsDir() && !strings.HasPrefix(e.Name(), ".") {
			dirs = append(dirs, filepath.Join(dir, e.Name()))
		}
	}
	return dirs
}

func mirrorAt(dir string, constraints ...string) *Mirror {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil
	}
	for _, host := range []string{terraformRegistry, tofuRegistry} {
		for _, constraint := range constraints {
			if m := newest(abs, host, constraint); m != nil {
				return m
			}
		}
	}
	return nil
}

var packedName = regexp.MustCompile(`^terraform-provider-aws_(\d+\.\d+\.\d+)_(\w+_\w+)\.zip$`)

func newest(dir, host, constraint string) *Mirror {
	accepted, err := version.NewConstraint(constraint)
	if err != nil {
		return nil
	}
	base := filepath.Join(dir, host, filepath.FromSlash(awsProvider))
	entries, err := os.ReadDir(base)
	if err != nil {
		return nil
	}
	var found []*Mirror
	all := 0
	for _, e := range entries {
		number, pkg := e.Name(), filepath.Join(base, e.Name(), platform())
		if m := packedName.FindStringSubmatch(e.Name()); m != nil && m[2] == platform() {
			number, pkg = m[1], filepath.Join(base, e.Name())
		} else if !holdsProvider(pkg) {
			continue
		}
		v, err := version.NewVersion(number)
		if err != nil {
			continue
		}
		if all++; !accepted.Check(v) {
			continue
		}
		found = append(found, &Mirror{Dir: dir, Host: host, Version: v, Package: pkg})
	}
	if len(found) == 0 {
		return nil
	}
	taken := slices.MaxFunc(found, func(a, b *Mirror) int { return a.Version.Compare(b.Version) })
	taken.Alone = all == 1
	return taken
}

func holdsProvider(dir string) bool {
	matches, err := filepath.Glob(filepath.Join(dir, "terraform-provider-aws*"))
	return err == nil && len(matches) > 0
}

func platform() string { return runtime.GOOS + "_" + runtime.GOARCH }
