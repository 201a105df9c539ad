// Package console shows the events of a command: as coloured lines on a
// terminal, as plain lines elsewhere, or as one JSON object a line.
package console

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/fatih/color"
	"golang.org/x/term"

	"apigateway-maintenance/internal/plain"
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
	// failed is the first error of writing.
	failed error
}

// Painted is text that has its colours, and in which nobody else's controls are.
type Painted string

// Err is the first error that there was in writing; what came after it may not
// have been seen.
func (c *Console) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failed
}

// write writes where a line goes now; the caller holds the lock.
func (c *Console) write(text []byte) {
	if _, err := c.sink().Write(text); err != nil && c.failed == nil {
		c.failed = err
	}
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
	switchover.EventProgress:    color.FgYellow,
	switchover.EventStopping:    color.FgYellow,
	switchover.EventHeaders:     color.FgYellow,
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
	c.write(fmt.Appendf(nil, "%s  %s\n", c.Paint(color.Faint, e.Time.Local().Format(time.TimeOnly)), c.Paint(colours[e.Event], e.Message)))
}

// Object writes one JSON object on a line of its own.
func (c *Console) Object(v any) {
	text, err := plain.JSON(v)
	if err != nil {
		text, _ = plain.JSON(map[string]string{"event": "error", "message": err.Error()})
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.write(append(text, '\n'))
}

// Line writes a line for people; with JSON it writes nothing. What is put into
// the format is shown plain, but for what was painted here.
func (c *Console) Line(format string, args ...any) {
	if c.json {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.write(fmt.Appendf(nil, format+"\n", shown(args)...))
}

// shown makes arguments plain. Numbers, which formats may want as such, are.
func shown(args []any) []any {
	made := make([]any, len(args))
	for i, arg := range args {
		switch kind := reflect.ValueOf(arg).Kind(); {
		case kind >= reflect.Bool && kind <= reflect.Complex128:
			made[i] = arg
		default:
			made[i] = plain.Line(fmt.Sprint(arg))
		}
		if painted, ok := arg.(Painted); ok {
			made[i] = string(painted)
		}
	}
	return made
}

// Paint makes text plain, and colours it where colours are shown; zero leaves
// it without.
func (c *Console) Paint(attribute color.Attribute, text string) Painted {
	text = plain.Line(text)
	if !c.paint || attribute == 0 {
		return Painted(text)
	}
	painter := color.New(attribute)
	painter.EnableColor()
	return Painted(painter.Sprint(text))
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

// Text writes text as it is: a whole that is plain already.
func (c *Console) Text(text string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.write([]byte(text))
}
