package terraform

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"
)

// Ephemeral is an ephemeral resource in a root's code. It is opened in every
// plan and every apply, and may do anything then.
type Ephemeral struct {
	// Address without instance keys, such as module.a.ephemeral.aws_x.y.
	Address string
	Type    string
}

// A plan file is a zip that holds the code it was made from, each module in a
// folder named by its key, with dots between the calls on the way to it.
const (
	planCode   = "tfconfig/"
	planModule = planCode + "m-"
)

var codeSuffixes = []string{".tf", ".tf.json", ".tofu", ".tofu.json"}

// Ephemerals are the ephemeral resources in the code that a plan file was made
// from, in order of address. Terraform's JSON of a plan does not have them;
// OpenTofu's does.
func Ephemerals(planFile string) ([]Ephemeral, error) {
	archive, err := zip.OpenReader(planFile)
	if err != nil {
		return nil, fmt.Errorf("read the code in %s: %w", planFile, err)
	}
	defer archive.Close()
	var found []Ephemeral
	code := false
	for _, file := range archive.File {
		folder, name := path.Split(file.Name)
		key, isModule := strings.CutPrefix(strings.TrimSuffix(folder, "/"), planModule)
		if !isModule || !isCode(name) {
			continue
		}
		code = true
		text, err := contents(file)
		if err != nil {
			return nil, fmt.Errorf("read the code in %s: %w", planFile, err)
		}
		blocks, err := ephemeralBlocks(name, text)
		if err != nil {
			return nil, fmt.Errorf("read %s in %s: %w", file.Name, planFile, err)
		}
		found = append(found, below(key, blocks)...)
	}
	if !code {
		return nil, fmt.Errorf("read the code in %s: %w", planFile, errors.New("it holds none"))
	}
	slices.SortFunc(found, func(a, b Ephemeral) int { return strings.Compare(a.Address, b.Address) })
	return found, nil
}

// RootEphemerals are those in a root's folder and, once it is initialised, in
// the modules that it calls, as they are now. dataDir is TF_DATA_DIR, or empty.
// What cannot be read has none: this is for a plan whose file is not at hand.
func RootEphemerals(root, dataDir string) []Ephemeral {
	if dataDir == "" {
		dataDir = filepath.Join(root, ".terraform")
	}
	folders := map[string]string{"": "."}
	var manifest struct{ Modules []struct{ Key, Dir string } }
	if text, err := os.ReadFile(filepath.Join(dataDir, "modules", "modules.json")); err == nil && json.Unmarshal(text, &manifest) == nil {
		for _, m := range manifest.Modules {
			folders[m.Key] = m.Dir
		}
	}
	var found []Ephemeral
	for _, key := range slices.Sorted(maps.Keys(folders)) {
		files, _ := filepath.Glob(filepath.Join(globEscape(filepath.Join(root, folders[key])), "*"))
		for _, file := range files {
			if text, err := os.ReadFile(file); err == nil && isCode(file) {
				blocks, _ := ephemeralBlocks(filepath.Base(file), text)
				found = append(found, below(key, blocks)...)
			}
		}
	}
	return found
}

// below puts a module's address before its blocks'.
func below(key string, blocks []Ephemeral) []Ephemeral {
	for i := range blocks {
		blocks[i].Address = modulePrefix(key) + blocks[i].Address
	}
	return blocks
}

func isCode(name string) bool {
	return slices.ContainsFunc(codeSuffixes, func(suffix string) bool { return strings.HasSuffix(name, suffix) })
}

func contents(file *zip.File) ([]byte, error) {
	reader, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	return io.ReadAll(reader)
}

func modulePrefix(key string) string {
	if key == "" {
		return ""
	}
	return "module." + strings.ReplaceAll(key, ".", ".module.") + "."
}

// ephemeralBlocks are those of one file.
func ephemeralBlocks(name string, text []byte) ([]Ephemeral, error) {
	parser := hclparse.NewParser()
	parse := parser.ParseHCL
	if strings.HasSuffix(name, ".json") {
		parse = parser.ParseJSON
	}
	file, diagnostics := parse(text, name)
	if diagnostics.HasErrors() {
		return nil, diagnostics
	}
	content, _, diagnostics := file.Body.PartialContent(&hcl.BodySchema{
		Blocks: []hcl.BlockHeaderSchema{{Type: "ephemeral", LabelNames: []string{"type", "name"}}},
	})
	if diagnostics.HasErrors() {
		return nil, diagnostics
	}
	var found []Ephemeral
	for _, block := range content.Blocks {
		found = append(found, Ephemeral{Address: "ephemeral." + strings.Join(block.Labels, "."), Type: block.Labels[0]})
	}
	return found, nil
}
