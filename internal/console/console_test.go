package console

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/creack/pty"
	"github.com/fatih/color"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/probe"
	"apigateway-maintenance/internal/switchover"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.Local)

func TestEventsForPeopleAreLinesWithoutColoursWhereThereIsNoTerminal(t *testing.T) {
	var out bytes.Buffer
	c := New(&out, false)
	c.Event(switchover.Event{Time: noon, Event: switchover.EventConfirmed, Message: "confirmed"})
	c.Event(switchover.Event{Time: noon, Event: switchover.EventResult, Message: "told at length elsewhere"})
	c.Line("%d of %s", 2, "x")
	assert.Equal(t, "12:00:00  confirmed\n2 of x\n", out.String())
}

func TestEventsForProgramsAreObjects(t *testing.T) {
	var out bytes.Buffer
	c := New(&out, true)
	c.Event(switchover.Event{Time: noon, Event: switchover.EventResult, Message: "on", Data: map[string]int{"n": 1}})
	c.Line("not for programs")
	c.Object(func() {}) // cannot be encoded
	lines := strings.SplitAfter(strings.TrimSuffix(out.String(), "\n"), "\n")
	require.Len(t, lines, 2)
	for i, event := range []string{"result", "error"} {
		var object map[string]any
		require.NoError(t, json.Unmarshal([]byte(lines[i]), &object))
		assert.Equal(t, event, object["event"])
	}
}

func TestWhatIsShownCannotActOnATerminal(t *testing.T) {
	var out bytes.Buffer
	c := New(&out, false)
	c.Event(switchover.Event{Time: noon, Message: "red \x1b[31m"})
	c.Line("%s and %v", "\x1b[2J", errors.New("bell\a"))
	assert.NotContains(t, out.String(), "\x1b")
	assert.NotContains(t, out.String(), "\a")
}

// onTerminal gives what is shown at a terminal.
func onTerminal(t *testing.T, show func(*Console)) string {
	t.Helper()
	screen, terminal, err := pty.Open()
	require.NoError(t, err)
	defer screen.Close()
	seen := make(chan string)
	go func() {
		text, _ := io.ReadAll(screen) // ends with EIO once the terminal is closed
		seen <- string(text)
	}()
	show(New(terminal, false))
	require.NoError(t, terminal.Close())
	return <-seen
}

func TestColoursAtATerminal(t *testing.T) {
	t.Setenv("TERM", "xterm")
	t.Setenv("NO_COLOR", "")
	paint := func(c *Console) { c.Line("%s", c.Paint(color.FgGreen, "well")) }
	assert.Contains(t, onTerminal(t, paint), "\x1b[32mwell\x1b[0")
	t.Setenv("NO_COLOR", "1")
	assert.NotContains(t, onTerminal(t, paint), "\x1b[32m")
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "dumb")
	assert.NotContains(t, onTerminal(t, paint), "\x1b[32m")
}

func TestOnlyYesIsTakenForYes(t *testing.T) {
	for given, want := range map[string]bool{"yes\n": true, " yes \n": true, "y\n": false, "YES\n": false, "\n": false, "": false, "no\nyes\n": false} {
		var out bytes.Buffer
		yes, err := New(&out, false).Ask(t.Context(), strings.NewReader(given), "Shall I?")
		require.NoError(t, err)
		assert.Equal(t, want, yes, "%q", given)
		assert.Contains(t, out.String(), "\nShall I?\n  Only \"yes\" is taken for yes: ")
	}
}

func TestAQuestionIsNotTalkedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		c := New(&out, false)
		in, answer := io.Pipe()
		go func() {
			time.Sleep(time.Second) // the question is open
			c.Line("meanwhile")
			assert.NotContains(t, out.String(), "meanwhile")
			_, _ = io.WriteString(answer, "yes\n")
		}()
		yes, err := c.Ask(t.Context(), in, "Shall I?")
		require.NoError(t, err)
		assert.True(t, yes)
		assert.True(t, strings.HasSuffix(out.String(), "\nmeanwhile\n"), out.String())
	})
}

func TestAnInterruptionEndsTheQuestion(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	in, answer, err := os.Pipe()
	require.NoError(t, err)
	defer answer.Close()
	_, err = New(io.Discard, false).Ask(ctx, in, "Shall I?")
	assert.ErrorIs(t, err, context.Canceled)
}

func TestAResultNamesTheWayBackWhereItIsNeeded(t *testing.T) {
	for outcome, shown := range map[string]bool{switchover.Done: false, switchover.Unconfirmed: true} {
		var out bytes.Buffer
		result := switchover.Result{Direction: "on", Outcome: outcome, Timeline: &probe.Summary{},
			Answers: []switchover.Answers{{URL: "https://api.example.com/", Expected: probe.Maintenance, New: 3}}}
		New(&out, false).Result(result, "maintenance off")
		assert.Contains(t, out.String(), "https://api.example.com/: maintenance throughout (3 answers)")
		assert.Equal(t, shown, strings.Contains(out.String(), "The way back: maintenance off"), outcome)
	}
	var out bytes.Buffer
	New(&out, false).Result(switchover.Result{Outcome: switchover.Done}, "")
	assert.Empty(t, out.String(), "of a switch that asked nobody")
}

func TestAStepSaysHowLongItTookAndHowItEnded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		failed := errors.New("failed")
		err := New(&out, false).Step("terraform plan", func() error { time.Sleep(1500 * time.Millisecond); return failed })
		assert.ErrorIs(t, err, failed)
		assert.Equal(t, "  terraform plan: 1.5 s\n", out.String())
	})
}
