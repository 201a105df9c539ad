# Plan policy for Spacelift: warns of everything in a plan that is not proved to
# be a maintenance switch, so that a stack that deploys by itself waits for a
# person. The rule is in ../maintenance.rego; both texts have to be given.
#
# Spacelift's own input holds parts of the plan only. The whole one comes in as
# custom input, by the hook after planning that ../README.md names.
package spacelift

import rego.v1

import data.env0

plan := object.get(input, ["third_party_metadata", "custom", "plan"], null)

warn contains reason if some reason in env0.pending with input as {"plan": plan}
