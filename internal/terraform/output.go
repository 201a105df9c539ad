package terraform

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	tfjson "github.com/hashicorp/terraform-json"
)

// pollEvery is how often a file that is written to is looked at.
const pollEvery = 100 * time.Millisecond

// lineLimit is how long a line may be to be read; longer ones are passed over.
const lineLimit = 4 << 20

// output is a file of ours that a command writes to. It is no pipe: whoever
// reads it can go away, and so can we, without the command noticing; in the
// middle of an apply it would leave its lock and half a state behind. It has no
// name as soon as it is there, so that nothing stays of it either.
type output struct {
	file    *os.File
	offset  int64
	partial []byte
	passing bool // over a line that is too long
}

func newOutput() (*output, error) {
	f, err := os.CreateTemp("", "maintenance-output-*")
	if err != nil {
		return nil, err
	}
	_ = os.Remove(f.Name()) // where an open file cannot be removed, close does it
	return &output{file: f}, nil
}

func (o *output) close() {
	_ = o.file.Close()
	_ = os.Remove(o.file.Name())
}

// read gives the lines that were written since the last time; the last one of
// all only when it is ended or over.
func (o *output) read(over bool, line func([]byte)) {
	buffer := make([]byte, 64<<10)
	for {
		n, err := o.file.ReadAt(buffer, o.offset)
		o.offset += int64(n)
		o.split(buffer[:n], line)
		if err != nil || n == 0 {
			break
		}
	}
	if over && len(o.partial) > 0 {
		line(o.partial)
		o.partial = nil
	}
}

func (o *output) split(text []byte, line func([]byte)) {
	for len(text) > 0 {
		head, tail, ended := bytes.Cut(text, []byte{'\n'})
		text = tail
		if !o.passing {
			o.partial = append(o.partial, head...)
		}
		o.passing = o.passing || len(o.partial) > lineLimit
		switch {
		case ended && !o.passing:
			line(o.partial)
			o.partial = o.partial[:0]
		case o.passing:
			o.partial, o.passing = nil, !ended
		}
	}
}

// message is a line of -json that is of use here (Terraform's documentation,
// "Machine-Readable UI").
type message struct {
	Text       string             `json:"@message"`
	Type       string             `json:"type"`
	Diagnostic *tfjson.Diagnostic `json:"diagnostic"`
	Hook       struct {
		Resource struct {
			Address string `json:"addr"`
		} `json:"resource"`
	} `json:"hook"`
}

// restLimit is how much text of no known form is kept.
const restLimit = 16 << 10

// listener hears what a command says while it runs.
type listener struct {
	stdout, stderr *output
	// to is where it is repeated for people.
	to, errTo io.Writer
	onMessage func(message)

	found []diagnostic
	text  strings.Builder // of stderr
	// stopping says that the command was told to stop, by whomever; working that it
	// does what it was started for.
	stopping, working atomic.Bool
	end, done         chan struct{}
}

func newListener(to, errTo io.Writer, onMessage func(message)) (*listener, error) {
	stdout, err := newOutput()
	if err != nil {
		return nil, err
	}
	stderr, err := newOutput()
	if err != nil {
		stdout.close()
		return nil, err
	}
	l := &listener{stdout: stdout, stderr: stderr, to: writer(to), errTo: writer(errTo), onMessage: onMessage, done: make(chan struct{}), end: make(chan struct{})}
	go l.listen()
	return l, nil
}

func (l *listener) listen() {
	defer close(l.done)
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		select {
		case <-l.end:
			l.read(true)
			return
		case <-tick.C:
			l.read(false)
		}
	}
}

// finish reads what is left when the command has ended. It may be called twice.
func (l *listener) finish() {
	select {
	case <-l.end:
	default:
		close(l.end)
	}
	<-l.done
	l.stdout.close()
	l.stderr.close()
}

func (l *listener) read(over bool) {
	l.stdout.read(over, l.hear)
	l.stderr.read(over, l.hearError)
}

// working are the messages by which a command is known to be past its beginning;
// one that waits for a lock can be stopped, too.
var working = []string{"refresh_start", "planned_change", "change_summary", "apply_start", "state_lock_acquire"}

func (l *listener) hear(line []byte) {
	var m message
	if err := json.Unmarshal(line, &m); err != nil || m.Type == "" {
		m = message{Text: string(line)}
	}
	if strings.Contains(m.Text, "Interrupt received") {
		l.stopping.Store(true)
	}
	if slices.Contains(working, m.Type) {
		l.working.Store(true)
	}
	if m.Diagnostic != nil {
		l.found = append(l.found, newDiagnostic(m.Diagnostic))
	}
	if l.onMessage != nil {
		l.onMessage(m)
	}
	_, _ = io.WriteString(l.to, m.Text+"\n") // who reads may have gone away
}

// heedWait is how long a command may take to get to its work.
const heedWait = time.Minute

// whenHeeded asks a command to stop at a moment when it heeds that. Before an
// apply or a plan is at its work Terraform takes an interruption and forgets it
// (1.11: the context that is to be stopped does not run yet), and a second one
// makes it quit without writing its state. So it is asked when it has begun to
// work, and not at all where it was told already, as by who ends all processes of
// a machine.
func (l *listener) whenHeeded(ended <-chan struct{}, ask func() error) error {
	deadline := time.Now().Add(heedWait)
	for !l.working.Load() && !l.stopping.Load() && time.Now().Before(deadline) {
		if over(ended) {
			return nil
		}
	}
	if over(ended) || l.stopping.Load() { // a little later, to hear what was said last
		return nil
	}
	return ask()
}

// over waits a little, and says whether the command has ended meanwhile.
func over(ended <-chan struct{}) bool {
	select {
	case <-ended:
		return true
	case <-time.After(2 * pollEvery):
		return false
	}
}

func (l *listener) hearError(line []byte) {
	if l.text.Len() < restLimit {
		l.text.Write(line)
		l.text.WriteByte('\n')
	}
	_, _ = l.errTo.Write(append(line, '\n')) // who reads may have gone away
}

// complaints are what the command had to complain of, in -json or as text.
func (l *listener) complaints(varFiles []string) complaints {
	c := complaints{found: l.found, varFiles: varFiles}
	if len(c.found) == 0 {
		c.found = readDiagnostics(l.text.String())
	}
	if len(c.found) == 0 {
		c.rest = l.text.String()
	}
	return c
}
