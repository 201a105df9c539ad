package maintenance

// ExitCode is how a command ends; docs/commands.md says what each means for
// clients.
type ExitCode int

// The exit codes of the maintenance command. ExitOn, ExitMixed and ExitDrift
// are answers of status --exit-code, not failures.
const (
	ExitDone        ExitCode = 0
	ExitError       ExitCode = 1
	ExitUsage       ExitCode = 2
	ExitRefused     ExitCode = 3
	ExitUnconfirmed ExitCode = 4
	ExitBlocked     ExitCode = 5
	ExitUnwritten   ExitCode = 6
	ExitOn          ExitCode = 10
	ExitMixed       ExitCode = 11
	ExitDrift       ExitCode = 12
	ExitInterrupted ExitCode = 130
)
