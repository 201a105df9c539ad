package sandbox

import "slices"

// Exports is the environment with which programs outside this process use the
// stage: Terraform and AWS tools, curl, and the maintenance command. The CA's
// certificate must be in caFile.
func (s *Sandbox) Exports(caFile string) []string {
	probe := s.ProbeConfig(caFile)
	return slices.Concat(s.Emulator.Env(), []string{
		"EMULATOR_HTTPS=" + s.Emulator.HTTPSAddr(),
		"EMULATOR_HTTP=" + s.Emulator.HTTPAddr(),
		"EMULATOR_DNS=" + s.Emulator.DNSAddr(),
		"EMULATOR_CA_FILE=" + caFile,
		"MAINTENANCE_CA_FILE=" + caFile,
		"MAINTENANCE_RESOLVER=" + probe.Resolver,
		"MAINTENANCE_CONNECT_TO=" + probe.ConnectTo[0] + "," + probe.ConnectTo[1],
		"TF_VAR_domain_name=" + Domain,
		"TF_VAR_certificate_arn=" + s.CertificateARN,
		"TF_VAR_zone_id=" + s.ZoneID,
		"TF_VAR_backend_url=" + s.Backend.URL,
	})
}
