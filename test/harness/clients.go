package harness

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/probe"
)

// patience is how long an answer may take that a busy machine gives late, and
// how long answers may take to become right.
const patience = time.Minute

// CAFile is where the CA's certificate lies, for clients that take a file.
func (s *Stage) CAFile() string {
	s.T.Helper()
	file := filepath.Join(s.Dir, "ca.pem")
	require.NoError(s.T, os.WriteFile(file, s.Emulator.CACertPEM(), 0o600))
	return file
}

// Clients asks the URLs from now until the test ends.
func (s *Stage) Clients(rate float64, urls ...string) *probe.Prober {
	s.T.Helper()
	config := s.ProbeConfig(s.CAFile())
	config.URLs, config.Rate, config.Timeout = urls, rate, patience
	prober, err := probe.New(config)
	require.NoError(s.T, err)
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.T.Context()))
	require.NoError(s.T, prober.Start(ctx))
	s.T.Cleanup(func() { prober.Stop(); cancel() })
	return prober
}

// RequireAll waits until every URL gives the verdict, several times in a row.
func RequireAll(t *testing.T, prober *probe.Prober, verdict probe.Verdict, urls ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.NoError(t, prober.WaitFor(ctx, probe.All(verdict, urls), 5))
}

// RequireOnly requires that clients got that verdict and no other.
func RequireOnly(t *testing.T, prober *probe.Prober, verdict probe.Verdict) {
	t.Helper()
	for _, url := range prober.Timeline().Summary().URLs {
		for other, count := range url.Counts {
			if other != verdict {
				require.Zero(t, count, "%s gave %s: %v", url.URL, other, url.WrongFirst)
			}
		}
		require.NotZero(t, url.Counts[verdict])
	}
}
