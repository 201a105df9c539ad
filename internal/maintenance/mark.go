package maintenance

// Mark names a moment of a switch on its timeline.
type Mark string

// The marks, in the order in which they come.
const (
	MarkPlan      Mark = "plan"
	MarkApply     Mark = "apply start"
	MarkApplied   Mark = "apply end"
	MarkConfirmed Mark = "confirmed"
)
