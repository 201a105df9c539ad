package report

import (
	"bytes"
	_ "embed" // the template and its style are part of the program
	"fmt"
	"html/template"
	"io"

	"apigateway-maintenance/internal/maintenance"
)

var (
	//go:embed report.html.tmpl
	page string
	//go:embed report.css
	style string

	document = template.Must(template.New("report").Parse(page))
)

// Write writes the report as one HTML document. It fails only where the writer
// does, or where Data has no Direction.
func Write(w io.Writer, data Data) error {
	if _, ok := maintenance.ParseDirection(string(data.Direction)); !ok {
		return fmt.Errorf("writing the report: direction %q is neither on nor off", data.Direction)
	}
	var text bytes.Buffer // a report is whole or not there
	if err := document.Execute(&text, newView(data)); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	if _, err := text.WriteTo(w); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}
