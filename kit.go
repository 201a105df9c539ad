// Package kit carries the Terraform modules and examples, so that the sandbox
// and the tests run what users copy, from wherever they are started.
package kit

import "embed"

// Files holds the folders modules and examples as they stand in the repository.
// Names that begin with a dot are left out, and with them what Terraform leaves
// behind in a folder.
//
//go:embed modules examples
var Files embed.FS
