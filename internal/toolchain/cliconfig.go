package toolchain

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"apigateway-maintenance/internal/file"
	"apigateway-maintenance/internal/terraform"
)

// writeCLIConfig writes a CLI configuration of our own under cacheDir and
// returns its path, to be passed as TF_CLI_CONFIG_FILE. The user's own
// configuration is neither read nor changed. The file is named by its content,
// so runs at the same time never see another's half-written one.
func writeCLIConfig(cacheDir string, b terraform.Binary, mirror *Mirror) (string, error) {
	content, err := cliConfig(cacheDir, b, mirror)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256([]byte(content))
	path := filepath.Join(cacheDir, "cli", hex.EncodeToString(sum[:8])+".tfrc")
	if err := writeFile(path, content); err != nil {
		return "", fmt.Errorf("write a CLI configuration for %s: %w", b.Title(), err)
	}
	return path, nil
}

// cliConfig gives the text. Only the AWS provider comes from the mirror; anything
// else a root may use still comes from its registry. Without a mirror it is the
// one that the first init downloads, see [Toolchain.download]. A root takes the
// newest version that it finds, so one that is not alone is linked apart.
func cliConfig(cacheDir string, b terraform.Binary, mirror *Mirror) (string, error) {
	host := terraformRegistry
	if b.Name == terraform.OpenTofu {
		host = tofuRegistry
	}
	dir := downloads(cacheDir, b)
	if mirror != nil {
		dir = mirror.Dir
	}
	if mirror != nil && (mirror.Host != host || !mirror.Alone) {
		linked, err := linkMirror(cacheDir, host, mirror)
		if err != nil {
			return "", err
		}
		dir = linked
	}
	provider := strconv.Quote(host + "/" + awsProvider)
	return fmt.Sprintf(`disable_checkpoint = true
provider_installation {
  filesystem_mirror {
    path    = %s
    include = [%s]
  }
  direct {
    exclude = [%s]
  }
}
`, strconv.Quote(dir), provider, provider), nil
}

// linkMirror makes a mirror for another registry's name that links the found
// package: Terraform and OpenTofu look hashicorp/aws up under registries of
// different names, and both run the same provider.
func linkMirror(cacheDir, host string, m *Mirror) (string, error) {
	sum := sha256.Sum256([]byte(m.Package))
	dir := filepath.Join(cacheDir, "mirrors", hex.EncodeToString(sum[:8]))
	base := filepath.Join(dir, host, filepath.FromSlash(awsProvider))
	link := filepath.Join(base, m.Version.String(), platform())
	if filepath.Ext(m.Package) == ".zip" {
		link = filepath.Join(base, filepath.Base(m.Package))
	}
	if target, err := os.Readlink(link); err == nil && target == m.Package {
		return dir, nil
	}
	if err := os.MkdirAll(filepath.Dir(link), 0o755); err != nil {
		return "", fmt.Errorf("make a provider mirror for %s: %w", host, err)
	}
	// A link under a name of its own, then renamed: two runs that start
	// together both succeed.
	temp := fmt.Sprintf("%s.%d", link, os.Getpid())
	if err := os.Symlink(m.Package, temp); err != nil {
		return "", fmt.Errorf("link the provider for %s: %w", host, err)
	}
	if err := os.Rename(temp, link); err != nil {
		return "", fmt.Errorf("link the provider for %s: %w", host, err)
	}
	return dir, nil
}

// writeFile writes by rename, so that a reader sees all of it or nothing.
func writeFile(path, content string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return file.Write(path, []byte(content))
}
