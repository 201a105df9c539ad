package sandbox

import (
	"net"

	"apigateway-maintenance/internal/probe"
)

// ProbeConfig makes a prober a client of this stage: names are resolved by its
// name server, and ports are those where the edge listens. The CA's certificate
// must be in caFile.
func (s *Sandbox) ProbeConfig(caFile string) probe.Config {
	return probe.Config{
		Resolver:  s.Emulator.DNSAddr(),
		ConnectTo: []string{":443::" + port(s.Emulator.HTTPSAddr()), ":80::" + port(s.Emulator.HTTPAddr())},
		CAFile:    caFile,
	}
}

func port(address string) string {
	_, port, _ := net.SplitHostPort(address)
	return port
}
