package maintenance

// The marker is the header that only the kit's answer has, by which it is told
// from a backend's own 503 (module maintenance-api, output marker_header).
const (
	MarkerHeader = "X-Maintenance-Mode"
	MarkerValue  = "on"
)
