package report

import (
	"bytes"
	"fmt"

	"github.com/natefinch/atomic"
)

// Save writes the report to a file that only its owner can read, whole or not
// at all.
func Save(path string, data Data) error {
	var text bytes.Buffer
	if err := Write(&text, data); err != nil {
		return err
	}
	if err := atomic.WriteFile(path, &text); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}
