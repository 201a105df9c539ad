package switchover

import "time"

// The names of events, in the order in which they may come. They are part of
// the command's --json output and stay as they are.
const (
	EventSwept       = "swept"
	EventInitialised = "initialised"
	EventPlanning    = "planning"
	EventPlanned     = "planned"
	EventRefreshing  = "refreshing"
	EventRefused     = "refused"
	EventWritten     = "written"
	EventAlready     = "already"
	EventHeaders     = "headers"
	EventProbing     = "probing"
	EventPreflight   = "preflight"
	EventApplying    = "applying"
	EventAnswer      = "answer"
	EventProgress    = "progress"
	EventStopping    = "stopping"
	EventApplied     = "applied"
	EventConfirmed   = "confirmed"
	EventUnconfirmed = "unconfirmed"
	EventDraining    = "draining"
	EventSaved       = "saved"
	EventPlace       = "place"
	EventInterrupted = "interrupted"
	EventDrift       = "drift"
	EventResult      = "result"
)

// Event is one thing that happened. Encoded as JSON it is one line of --json.
type Event struct {
	Time  time.Time `json:"time"`
	Event string    `json:"event"`
	// Message says it to people, in one sentence.
	Message string `json:"message"`
	// Data depends on the event: [Preview] for planned and refused, a sample
	// for answer, [Progress] for progress, [Place] for place, [Result] for result,
	// else nothing.
	Data any `json:"data,omitempty"`
}
