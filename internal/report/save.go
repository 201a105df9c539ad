package report

import (
	"bytes"
	"fmt"

	"apigateway-maintenance/internal/file"
)

// Save writes the report to a file that only its owner can read, whole or not
// at all.
func Save(path string, data Data) error {
	var text bytes.Buffer
	if err := Write(&text, data); err != nil {
		return err
	}
	if err := file.Write(path, text.Bytes()); err != nil {
		return fmt.Errorf("the report %w", err)
	}
	return nil
}
