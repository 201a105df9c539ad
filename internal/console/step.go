package console

import (
	"fmt"
	"time"

	"github.com/briandowns/spinner"
	"github.com/fatih/color"
)

// Heading begins a part of a story.
func (c *Console) Heading(text string) { c.Line("\n%s", c.Paint(color.Bold, text)) }

// Step does something that takes a while and during which nothing else is
// shown, and says how long it took. On a terminal a spinner shows meanwhile
// that it goes on.
func (c *Console) Step(what string, do func() error) error {
	start := time.Now()
	if c.terminal && !c.json {
		s := spinner.New(spinner.CharSets[14], 100*time.Millisecond, spinner.WithWriter(c.out))
		s.PreUpdate = func(s *spinner.Spinner) {
			s.Suffix = fmt.Sprintf(" %s %s", what, time.Since(start).Round(time.Second))
		}
		s.Start()
		defer func() { c.Line("  %s", ended(what, start)) }()
		defer s.Stop()
		return do()
	}
	err := do()
	c.Line("  %s", ended(what, start))
	return err
}

func ended(what string, start time.Time) string {
	return fmt.Sprintf("%s: %.1f s", what, time.Since(start).Seconds())
}
