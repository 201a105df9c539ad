// Package terraform runs Terraform or OpenTofu for the rest of the project.
//
// Operators bring their own root, binary, environment and CLI configuration:
// [Find] picks the binary that is there and [New] runs it with everything
// inherited. Package toolchain makes what the sandbox and the tests need.
//
// Commands that depend on the operator's environment or arguments are built
// here, since terraform-exec drops TF_WORKSPACE and always passes
// -parallelism, -refresh and -lock, which would override TF_CLI_ARGS_plan.
// What depends on neither (validating) goes through terraform-exec; plans and states are terraform-json values.
package terraform
