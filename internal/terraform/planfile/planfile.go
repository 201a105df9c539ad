// Package planfile reads a saved plan without starting its providers.
//
// `terraform show -json` is the documented way to read one, and it starts each
// provider again for its schemas: with the AWS provider more than a second,
// which is a third of a small switch. What a switch's plan holds can be read
// without schemas, since its values carry their structure.
//
// The format is Terraform's own affair, so this reader takes only what it knows
// in full: format version 3 of the products and versions in [Newest], and
// nothing but updates, replacements that create first, reads and no-ops of
// resources at their addresses. Everything else, a field that it has never
// heard of included, is an [UnfamiliarError], and the caller asks `show`.
package planfile

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"

	"github.com/hashicorp/go-version"
	tfjson "github.com/hashicorp/terraform-json"
)

// Product is what wrote a plan. A plan does not tell: both count versions of
// their own, and give the same numbers to different fields.
type Product string

// The products, by the names of their binaries.
const (
	Terraform Product = "terraform"
	OpenTofu  Product = "tofu"
)

// Newest is the first version of each product that this reader was not tried
// on. From it on a known field may mean something else.
var Newest = map[Product]*version.Version{
	Terraform: version.Must(version.NewVersion("1.17.0-alpha")),
	OpenTofu:  version.Must(version.NewVersion("1.13.0-alpha")),
}

// UnfamiliarError says what in a plan file this package does not read.
type UnfamiliarError struct{ What string }

func (e *UnfamiliarError) Error() string { return "not a plan that can be read directly: " + e.What }

func unfamiliar(format string, args ...any) error {
	return &UnfamiliarError{What: fmt.Sprintf(format, args...)}
}

// Read gives of a plan what `show -json` does, as far as a switch is judged by
// it: resource and output changes, planned values, the prior state (resources
// all in the root module's list, under their whole addresses, with attributes as
// the state file has them: a dynamic one with its type beside it), root
// variables, and of the configuration the root's variables and module calls. It leaves
// out sensitivity of resources, checks, drift and schema versions, and gives
// numbers without an exact binary form (0.1) as text. All errors are
// [*UnfamiliarError] or those of reading the file.
func Read(path string, product Product) (*tfjson.Plan, error) {
	archive, err := zip.OpenReader(path)
	if errors.Is(err, zip.ErrFormat) { // OpenTofu encrypts plans where it is told to
		return nil, unfamiliar("it is no zip archive")
	}
	if err != nil {
		return nil, err
	}
	defer archive.Close()

	plan := &tfjson.Plan{FormatVersion: "1.2"}
	parts := []struct {
		file string
		read func([]byte, *tfjson.Plan) error
	}{{"tfplan", product.readPlan}, {"tfstate", readState}}
	for _, part := range parts {
		content, err := contentOf(&archive.Reader, part.file)
		if err != nil {
			return nil, err
		}
		if err := part.read(content, plan); err != nil {
			return nil, err
		}
	}
	return plan, readConfig(&archive.Reader, plan)
}

func contentOf(archive *zip.Reader, name string) ([]byte, error) {
	file, err := archive.Open(name)
	if err != nil {
		return nil, unfamiliar("it holds no %s", name)
	}
	defer file.Close()
	content, err := io.ReadAll(file)
	if err != nil {
		return nil, unfamiliar("%s: %v", name, err)
	}
	return content, nil
}
