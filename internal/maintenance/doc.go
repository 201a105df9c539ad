// Package maintenance is the vocabulary of the kit: one type for each thing
// that a switch is about, with one spelling in Go, in the modules' outputs, in
// JSON, in reports and in runbooks. It imports nothing of ours, so that every
// other package can speak it.
package maintenance
