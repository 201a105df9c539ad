// Package console shows the events of a command: as coloured lines on a
// terminal, as plain lines elsewhere, or as one JSON object a line.
package console

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/fatih/color"
	"golang.org/x/term"

	"apigateway-maintenance/internal/switchover"
)

// Console writes what happens. It is safe for concurrent use.
type Console struct {
	mu   sync.Mutex
	out  io.Writer
	json bool
	// Terminal says that out is one: then there are colours, unless NO_COLOR
	// (no-color.org) is set.
	terminal bool
	paint    bool
	// held is what comes while a question is open; nil when none is.
	held *bytes.Buffer
}

// sink is where a line goes now; the caller holds the lock.
func (c *Console) sink() io.Writer {
	if c.held != nil {
		return c.held
	}
	return c.out
}

// New writes to out, as JSON lines or for people.
func New(out io.Writer, asJSON bool) *Console {
	terminal := IsTerminal(out)
	return &Console{out: out, json: asJSON, terminal: terminal, paint: terminal && !asJSON && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
}

// IsTerminal says whether a reader or writer is a terminal.
func IsTerminal(stream any) bool {
	file, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// JSON says that output is for machines.
func (c *Console) JSON() bool { return c.json }

var colours = map[string]color.Attribute{
	switchover.EventRefused:     color.FgRed,
	switchover.EventUnconfirmed: color.FgRed,
	switchover.EventInterrupted: color.FgRed,
	switchover.EventPlace:       color.FgYellow,
	switchover.EventRefreshing:  color.FgYellow,
	switchover.EventDrift:       color.FgYellow,
	switchover.EventApplying:    color.FgCyan,
	switchover.EventConfirmed:   color.FgGreen,
	switchover.EventAlready:     color.FgGreen,
}

// Event shows one event.
func (c *Console) Event(e switchover.Event) {
	if c.json {
		c.Object(e)
		return
	}
	if e.Event == switchover.EventResult || e.Event == switchover.EventRefused {
		return // told at length elsewhere
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	fmt.Fprintf(c.sink(), "%s  %s\n", c.Paint(color.Faint, e.Time.Local().Format(time.TimeOnly)), c.Paint(colours[e.Event], e.Message))
}

// Object writes one JSON object on a line of its own.
func (c *Console) Object(v any) {
	text, err := json.Marshal(v)
	if err != nil {
		text, _ = json.Marshal(map[string]string{"event": "error", "message": err.Error()})
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	_, _ = c.sink().Write(append(text, '\n')) // nobody left to tell
}

// Line writes a line for people; with JSON it writes nothing.
func (c *Console) Line(format string, args ...any) {
	if c.json {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	fmt.Fprintf(c.sink(), format+"\n", args...)
}

// Paint colours text where colours are shown; zero leaves it.
func (c *Console) Paint(attribute color.Attribute, text string) string {
	if !c.paint || attribute == 0 {
		return text
	}
	painter := color.New(attribute)
	painter.EnableColor()
	return painter.Sprint(text)
}

// Ask puts a question, holds back what comes until it is answered, and says whether the answer was "yes" to the letter, as
// Terraform has it.
func (c *Console) Ask(ctx context.Context, in io.Reader, question string) (bool, error) {
	c.mu.Lock()
	fmt.Fprintf(c.out, "\n%s\n  Only \"yes\" is taken for yes: ", question)
	c.held = &bytes.Buffer{}
	c.mu.Unlock()
	defer c.release()
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(in).ReadString('\n') // an end of input is no yes
		answer <- strings.TrimSpace(line)
	}()
	select {
	case line := <-answer:
		return line == "yes", nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// release writes what was held back, on a line of its own.
func (c *Console) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	fmt.Fprintf(c.out, "\n%s", c.held)
	c.held = nil
}

// Text writes text as it is.
func (c *Console) Text(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, _ = io.WriteString(c.out, text) // nobody left to tell
}
