package runbook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"apigateway-maintenance/internal/file"
)

// Write validates the runbook and writes it as indented JSON.
func (r Runbook) Write(w io.Writer) error {
	r.Version = Version
	if err := r.Validate(); err != nil {
		return err
	}
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(r)
}

// Save writes the runbook to a file, whole or not at all: an earlier one stays
// until the new one is complete. It can be read by its owner alone.
func (r Runbook) Save(path string) error {
	var text bytes.Buffer
	if err := r.Write(&text); err != nil {
		return err
	}
	if err := file.Write(path, text.Bytes()); err != nil {
		return fmt.Errorf("the runbook %w", err)
	}
	return nil
}

// Load reads a runbook from a file.
func Load(path string) (Runbook, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return Runbook{}, fmt.Errorf("read the runbook: %w", err)
	}
	r, err := Parse(text)
	if err != nil {
		return Runbook{}, fmt.Errorf("%s: %w", path, err)
	}
	return r, nil
}

// Parse reads a runbook's text and validates it. It refuses fields that it does
// not know: one that it ignored could be what makes a call wrong.
func Parse(text []byte) (Runbook, error) {
	var head struct {
		Version *int `json:"version"`
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return Runbook{}, fmt.Errorf("this is no runbook, it is not JSON: %w", err)
	}
	switch {
	case head.Version == nil:
		return Runbook{}, errors.New(`this is no runbook: it has no "version"; write one with maintenance status --save-runbook FILE`)
	case *head.Version != Version:
		return Runbook{}, fmt.Errorf("the runbook has version %d, and this command reads version %d: use the command that wrote it, or write it again with maintenance status --save-runbook FILE", *head.Version, Version)
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var r Runbook
	if err := decoder.Decode(&r); err != nil {
		return Runbook{}, fmt.Errorf("the runbook cannot be read: %w", err)
	}
	return r, r.Validate()
}
