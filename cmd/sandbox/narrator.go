package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"github.com/briandowns/spinner"
	"github.com/fatih/color"
	"golang.org/x/term"
)

// narrator tells what happens. On a terminal a long step shows that it goes on;
// elsewhere each step is one plain line when it ends.
type narrator struct {
	out  io.Writer
	live bool
	bold *color.Color
	dim  *color.Color
}

func newNarrator(out io.Writer) *narrator {
	file, isFile := out.(*os.File)
	n := &narrator{out: out, live: isFile && term.IsTerminal(int(file.Fd())), bold: color.New(color.Bold), dim: color.New(color.Faint)}
	if !n.live {
		n.bold.DisableColor()
		n.dim.DisableColor()
	}
	return n
}

func (n *narrator) heading(text string) {
	fmt.Fprintln(n.out)
	n.bold.Fprintln(n.out, text)
}

func (n *narrator) say(format string, args ...any) {
	fmt.Fprintf(n.out, "  "+format+"\n", args...)
}

func (n *narrator) aside(format string, args ...any) {
	n.dim.Fprintf(n.out, "    "+format+"\n", args...)
}

// step does something that takes a while, and tells how long it took.
func (n *narrator) step(what string, do func() error) error {
	start := time.Now()
	if n.live {
		s := spinner.New(spinner.CharSets[14], 100*time.Millisecond, spinner.WithWriter(n.out))
		s.PreUpdate = func(s *spinner.Spinner) {
			s.Suffix = fmt.Sprintf(" %s %s", what, time.Since(start).Round(time.Second))
		}
		s.Start()
		defer s.Stop()
		err := do()
		s.FinalMSG = n.result(what, start, err)
		return err
	}
	err := do()
	fmt.Fprint(n.out, n.result(what, start, err))
	return err
}

func (n *narrator) result(what string, start time.Time, err error) string {
	mark := "done"
	if err != nil {
		mark = "failed"
	}
	return fmt.Sprintf("  %s: %s in %.1f s\n", what, mark, time.Since(start).Seconds())
}
