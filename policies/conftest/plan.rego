# Policy for conftest, and so for Atlantis: fails for everything in a plan that is
# not proved to be a maintenance switch. The rule is in ../maintenance.rego; both
# texts have to be given. The input is the plan's JSON itself.
package main

import rego.v1

import data.env0

deny contains reason if some reason in env0.pending with input as {"plan": input}
