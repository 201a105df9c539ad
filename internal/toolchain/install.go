package toolchain

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gofrs/flock"
	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"

	"apigateway-maintenance/internal/terraform"
)

// PinnedVersion is the Terraform release that [Ensure] downloads where the
// machine has none; hc-install checks its signature and checksum.
const PinnedVersion = "1.11.4"

const downloadTimeout = 5 * time.Minute

// EnsureOptions tells [Ensure] what the sandbox or a test needs.
type EnsureOptions struct {
	// Path or name of a binary to take instead of looking; never installed.
	Path string
	// CacheDir defaults to [CacheDir].
	CacheDir string
	// Progress is told before a download starts; may be nil.
	Progress func(string)
	// releasesURL lets a test stand in for releases.hashicorp.com.
	releasesURL string
}

// Ensure gives a binary that satisfies the modules for the sandbox and the
// tests: Terraform on PATH, OpenTofu on PATH, the pinned Terraform downloaded
// earlier, or a verified download of it. Unlike [terraform.Find] it has a preference,
// since nobody's state depends on the choice.
func Ensure(ctx context.Context, opts EnsureOptions) (terraform.Binary, error) {
	if opts.Path != "" {
		return terraform.Find(ctx, terraform.FindOptions{Path: opts.Path})
	}
	for _, name := range []string{terraform.Terraform, terraform.OpenTofu} {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		if b, err := terraform.Find(ctx, terraform.FindOptions{Path: path}); err == nil {
			return b, nil
		}
	}
	return installed(ctx, opts)
}

// installed gives the pinned release from the cache, downloading it once even
// where several processes ask at the same time.
func installed(ctx context.Context, opts EnsureOptions) (terraform.Binary, error) {
	if opts.CacheDir == "" {
		opts.CacheDir = CacheDir()
	}
	dir := filepath.Join(opts.CacheDir, "terraform", PinnedVersion)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return terraform.Binary{}, binaryError(err, "make the folder for Terraform %s", PinnedVersion)
	}
	lock := flock.New(dir + ".lock")
	if _, err := lock.TryLockContext(ctx, 200*time.Millisecond); err != nil {
		return terraform.Binary{}, binaryError(err, "wait for another download of Terraform %s", PinnedVersion)
	}
	defer lock.Close()

	path := filepath.Join(dir, executable(terraform.Terraform))
	if b, err := terraform.Probe(ctx, path); err == nil {
		return b, nil
	}
	if opts.Progress != nil {
		opts.Progress(fmt.Sprintf("downloading Terraform %s into %s", PinnedVersion, dir))
	}
	release := &releases.ExactVersion{
		Product:    product.Terraform,
		Version:    version.Must(version.NewVersion(PinnedVersion)),
		InstallDir: dir,
		Timeout:    downloadTimeout,
		ApiBaseURL: opts.releasesURL,
	}
	if _, err := release.Install(ctx); err != nil {
		return terraform.Binary{}, binaryError(err, "no Terraform or OpenTofu %s is on PATH, and Terraform %s could not be downloaded (%v); install one and try again",
			terraform.VersionConstraint, PinnedVersion, err)
	}
	return terraform.Probe(ctx, path)
}

// CacheDir is the folder for what costs much to fetch and is the same for
// everyone: the pinned Terraform, providers, CLI configurations. Without a
// user cache folder (no HOME) it is a folder below the system's temporary one.
func CacheDir() string {
	base, err := os.UserCacheDir()
	if err != nil {
		base = os.TempDir()
	}
	return filepath.Join(base, "apigateway-maintenance")
}

func binaryError(cause error, format string, args ...any) error {
	return &terraform.Error{Kind: terraform.KindBinary, Summary: fmt.Sprintf(format, args...), Err: cause}
}

func executable(name string) string {
	if runtime.GOOS == "windows" {
		return name + ".exe"
	}
	return name
}
