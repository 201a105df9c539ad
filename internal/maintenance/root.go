package maintenance

// What the modules and the roots that call them agree on with the command.
const (
	// DefaultVariable of a root switches it.
	DefaultVariable = "maintenance_mode"
	// TerraformVersions are those of Terraform and OpenTofu that the modules
	// take (required_version in their versions.tf).
	TerraformVersions = ">= 1.9"
	// ProviderVersions are those of hashicorp/aws that the modules take
	// (required_providers in their versions.tf).
	ProviderVersions = ">= 5.100, < 7.0"
)
