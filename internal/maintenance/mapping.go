package maintenance

// MappingType is the resource that a switch updates in place.
const MappingType = "aws_api_gateway_base_path_mapping"

// Mapping is a base path mapping as a state or a plan has it.
type Mapping struct {
	Address string `json:"address"`
	// Domain and Path: "/" for the root, else "/" and the base path.
	Domain string `json:"domain"`
	Path   string `json:"path"`
	Target
}

// URL of the mapping on its domain.
func (m Mapping) URL() string { return "https://" + HostOf(m.Domain) + m.Path }
