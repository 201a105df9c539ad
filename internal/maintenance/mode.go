package maintenance

// Mode of a base path, spelled as in the modules' output `modes`.
type Mode string

// The modes.
const (
	ModeLive        Mode = "live"
	ModeMaintenance Mode = "maintenance"
	ModeReadOnly    Mode = "read-only"
)

// ParseMode reads a mode's spelling.
func ParseMode(s string) (m Mode, ok bool) {
	return Mode(s), Mode(s) == ModeLive || Mode(s) == ModeMaintenance || Mode(s) == ModeReadOnly
}
