package lambda

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// functionLog writes what a process of a function prints, and what Lambda says
// of its requests, to the function's log group.
type functionLog struct {
	write  func(line string) // does nothing where the role may not log
	stream string
}

// newLog asks, as Lambda does, whether the function's role may write: one that
// may not runs without a log.
func (s *Service) newLog(f *function) *functionLog {
	id := make([]byte, 16)
	_, _ = rand.Read(id) // never fails (crypto/rand)
	log := &functionLog{
		stream: s.config.Now().UTC().Format("2006/01/02") + "/[" + latest + "]" + hex.EncodeToString(id),
		write:  func(string) {},
	}
	arn := awsproto.ARN("logs", f.region, awsproto.AccountID, "log-group:"+f.logGroup)
	stream := arn + ":log-stream:" + log.stream
	may := s.config.Roles.May(f.role, "logs:CreateLogStream", stream) && s.config.Roles.May(f.role, "logs:PutLogEvents", stream) &&
		(s.config.Logs.Exists(f.region, f.logGroup) || s.config.Roles.May(f.role, "logs:CreateLogGroup", arn))
	if may {
		log.write = func(line string) { s.config.Logs.Write(f.region, f.logGroup, log.stream, line) }
	}
	return log
}

func (l *functionLog) line(text string) { l.write(strings.TrimRight(text, "\n") + "\n") }

func (l *functionLog) initStart(runtime string) {
	l.line(fmt.Sprintf("INIT_START Runtime Version: %s.v1\tRuntime Version ARN: emulated", strings.Replace(runtime, ".", ":", 1)))
}

func (l *functionLog) begin(id string) { l.line("START RequestId: " + id + " Version: " + latest) }

// report is the line that Lambda ends a request with. Memory is not measured.
func (l *functionLog) report(id string, took, initTook time.Duration, memory int) {
	l.line("END RequestId: " + id)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	text := fmt.Sprintf("REPORT RequestId: %s\tDuration: %.2f ms\tBilled Duration: %d ms\tMemory Size: %d MB\tMax Memory Used: %d MB",
		id, ms(took), (took + time.Millisecond - 1).Milliseconds(), memory, memory)
	if initTook > 0 {
		text += fmt.Sprintf("\tInit Duration: %.2f ms", ms(initTook))
	}
	l.line(text)
}
