// Package guard decides whether a Terraform plan is a pure switch: nothing but
// base path mappings moving between their own API and the maintenance API, and
// perhaps a redeploy of the mock whose text changed.
//
// The rule is positive. Every effect that the apply of the plan would have is
// proved to be part of a switch, or it is a [Violation]:
//
//   - Each change is one that changes nothing, as its values show; a mapping that
//     moves, in place, from one of its path's two places to the other, in the
//     direction asked; the mock's new text, deployed by the module that made it;
//     or a read that can do nothing else (harmless.go).
//   - Which places a path has, and which API is a mock, is what the state's
//     outputs said before the plan (`targets` of the custom-domain module, found
//     by shape whatever the root calls it). What the plan itself brings is not
//     trusted in the same plan.
//   - The mock stays a mock: its planned text is known, has mock integrations
//     alone, and answers with a status of 400 to 599, but for CORS preflights.
//   - Nothing else happens: no provisioner on what is made anew, no ephemeral
//     resource, no action, no import, move or deferred change, no condition that
//     may end the apply half-way, no other provider, region or account.
//   - Outputs change only where the configuration shows that they follow from the
//     switch.
//
// What the guard does not know, down to a field it has never heard of, it does
// not allow. It judges what `terraform show -json` prints, unparsed, as does
// policies/maintenance.rego, which is the same rule in another language. The one
// thing that Terraform's JSON lacks, ephemeral resources, it takes from the code
// inside the plan file ([Show]).
//
// A [View] is another matter: what a state or a plan says of base paths, for
// people and for probes.
package guard
