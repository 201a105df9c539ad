package lambda

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// The limits of a deployment package (Lambda guide, "Lambda quotas"), in bytes.
const (
	maxZip      = 50 << 20
	maxUnzipped = 250 << 20
)

// code is an uploaded package, unpacked into a folder of its own.
type code struct {
	sha256 string // base64, as Lambda gives it
	size   int
	dir    string
}

// unpack checks a zip file and unpacks it.
func (s *Service) unpack(content []byte) (*code, error) {
	if len(content) > maxZip {
		return nil, awsproto.Errorf(http.StatusRequestEntityTooLarge, "RequestEntityTooLargeException", "Request must be smaller than %d bytes for the CreateFunction operation", maxZip)
	}
	archive, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil || len(archive.File) == 0 {
		return nil, invalid("Could not unzip uploaded file. Please check your file, then try to upload again.")
	}
	dir, err := s.folder()
	if err != nil {
		return nil, err
	}
	if err := extract(archive, dir); err != nil {
		_ = os.RemoveAll(dir)
		return nil, err
	}
	sum := sha256.Sum256(content)
	return &code{sha256: base64.StdEncoding.EncodeToString(sum[:]), size: len(content), dir: dir}, nil
}

// folder makes one for a package, below the service's own.
func (s *Service) folder() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return "", errClosed
	}
	if s.work == "" {
		work, err := os.MkdirTemp("", "maintenance-lambda-")
		if err != nil {
			return "", fmt.Errorf("make a folder for functions: %w", err)
		}
		s.work = work
	}
	return os.MkdirTemp(s.work, "code-")
}

func extract(archive *zip.Reader, dir string) error {
	var total uint64
	for _, file := range archive.File {
		total += file.UncompressedSize64
		if total > maxUnzipped {
			return invalid("Unzipped size must be smaller than %d bytes", maxUnzipped)
		}
		if !filepath.IsLocal(file.Name) {
			return invalid("Could not unzip uploaded file. Please check your file, then try to upload again.")
		}
		if err := extractFile(file, filepath.Join(dir, file.Name)); err != nil {
			return err
		}
	}
	return nil
}

func extractFile(file *zip.File, path string) error {
	if file.FileInfo().IsDir() {
		return os.MkdirAll(path, 0o755)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	from, err := file.Open()
	if err != nil {
		return invalid("Could not unzip uploaded file. Please check your file, then try to upload again.")
	}
	defer from.Close()
	to, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, file.Mode().Perm()|0o400)
	if err != nil {
		return fmt.Errorf("unpack %s: %w", file.Name, err)
	}
	if _, err := io.Copy(to, io.LimitReader(from, maxUnzipped)); err != nil {
		_ = to.Close()
		return invalid("Could not unzip uploaded file. Please check your file, then try to upload again.")
	}
	return to.Close()
}

func invalid(format string, args ...any) error {
	return awsproto.Errorf(http.StatusBadRequest, "InvalidParameterValueException", format, args...)
}
