// Package probe asks URLs at a constant rate, judges each answer (live, in
// maintenance, or wrong) and keeps the timeline of what clients saw.
//
// Its load is open: requests go out when they are due, whether or not earlier
// ones were answered, and latency counts from when a request was due. So a
// gateway that stalls cannot hide its stall by slowing the prober down
// ("coordinated omission").
package probe
