// Package guard decides whether a Terraform plan is a pure switch: nothing but
// base path mappings moving between their own API and the maintenance API,
// and perhaps a redeploy of the mock whose text changed.
//
// It looks only at the plan. What is allowed to move where comes from the
// plan's own planned outputs (`targets` of the custom-domain module, found by
// shape whatever the root calls it), so no file of ours has to be in the root.
package guard
