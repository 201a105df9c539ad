package maintenance

// Direction of a switch, spelled as the commands are called.
type Direction string

// On takes base paths out of service, Off brings them back.
const (
	On  Direction = "on"
	Off Direction = "off"
)

// ParseDirection reads "on" or "off".
func ParseDirection(s string) (d Direction, ok bool) {
	return Direction(s), Direction(s) == On || Direction(s) == Off
}

// Mode is what a switch makes of the base paths that follow it.
func (d Direction) Mode() Mode {
	if d == On {
		return ModeMaintenance
	}
	return ModeLive
}

// Opposite is the way back.
func (d Direction) Opposite() Direction {
	if d == On {
		return Off
	}
	return On
}

// Value is what the root's variable is set to.
func (d Direction) Value() bool { return d == On }
