// Package breakglass switches base path mappings by API Gateway's own calls,
// from a runbook: neither Terraform nor its state is needed. It is the fast lane
// of the worst night.
//
// It moves a mapping only from one of the runbook's two targets to the other, in
// place, and leaves alone whatever points elsewhere. Run again it changes
// nothing that is right already.
package breakglass
