package maintenance

import "fmt"

// Target is where a base path mapping points: a REST API and one of its stages,
// or none: then callers name the stage as the first segment (fact D1).
type Target struct {
	APIID string `json:"api_id"`
	// StageName is empty where the mapping names no stage, and callers do so in
	// the path.
	StageName string `json:"stage_name"`
}

func (t Target) String() string {
	if t.StageName == "" {
		return t.APIID + " (callers name the stage)"
	}
	return fmt.Sprintf("%s/%s", t.APIID, t.StageName)
}

// Targets are where one base path points in each mode.
type Targets struct {
	Live        Target `json:"live"`
	Maintenance Target `json:"maintenance"`
	// ReadOnly is where only reads are live; empty for a path without it.
	ReadOnly Target `json:"read_only,omitzero"`
	// Own is the mode that the path has whatever the variable says; empty for
	// one that follows it. Told says that the output tells, which those of
	// older modules do not.
	Own  Mode `json:"own,omitempty"`
	Told bool `json:"-"`
}

// In is the target in a mode.
func (t Targets) In(mode Mode) Target {
	switch mode {
	case ModeMaintenance:
		return t.Maintenance
	case ModeReadOnly:
		return t.ReadOnly
	default:
		return t.Live
	}
}

// SamePlaces says that both name the same APIs and stages.
func (t Targets) SamePlaces(other Targets) bool {
	return t.Live == other.Live && t.Maintenance == other.Maintenance && t.ReadOnly == other.ReadOnly
}
