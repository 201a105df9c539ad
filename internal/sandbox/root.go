package sandbox

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	kit "apigateway-maintenance"
)

// CopyExample writes the modules and one example below dir, laid out as in the
// repository, with the variables in a terraform.tfvars.json beside it. It
// returns the example's folder.
func CopyExample(dir, example string, vars map[string]any) (string, error) {
	if err := os.CopyFS(dir, kit.Files); err != nil {
		return "", fmt.Errorf("copy the modules and examples to %s: %w", dir, err)
	}
	root := filepath.Join(dir, "examples", example)
	if _, err := os.Stat(root); err != nil {
		return "", fmt.Errorf("there is no example %q: %w", example, err)
	}
	return root, WriteVars(root, vars)
}

// WriteVars sets a root's variables.
func WriteVars(root string, vars map[string]any) error {
	content, err := json.MarshalIndent(vars, "", "  ")
	if err != nil {
		return fmt.Errorf("write the variables: %w", err)
	}
	return os.WriteFile(filepath.Join(root, "terraform.tfvars.json"), append(content, '\n'), 0o600)
}
