package harness

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// RequireCalls requires exactly these calls to API Gateway.
func RequireCalls(t *testing.T, calls []awsproto.Call, want map[string]int) {
	t.Helper()
	got := map[string]int{}
	for _, call := range calls {
		if call.Service == "apigateway" {
			got[call.Operation]++
		}
	}
	require.Equal(t, want, got)
}

// RequireNoCall requires that an operation was not called.
func RequireNoCall(t *testing.T, calls []awsproto.Call, operation, why string) {
	t.Helper()
	for _, call := range calls {
		require.NotEqual(t, operation, call.Operation, why)
	}
}

// CallsTo counts the calls that name an API in their path.
func CallsTo(calls []awsproto.Call, apiID string) int {
	n := 0
	for _, call := range calls {
		if strings.Contains(call.Path, apiID) {
			n++
		}
	}
	return n
}

// Aliases are the names of the zone's A and AAAA records.
func (s *Stage) Aliases() []string {
	s.T.Helper()
	records, err := route53.NewFromConfig(s.Config()).ListResourceRecordSets(s.T.Context(), &route53.ListResourceRecordSetsInput{HostedZoneId: &s.ZoneID})
	require.NoError(s.T, err)
	var names []string
	for _, record := range records.ResourceRecordSets {
		if record.Type == types.RRTypeA || record.Type == types.RRTypeAaaa {
			names = append(names, *record.Name)
		}
	}
	return names
}

// CountWrites counts the calls that change something.
func CountWrites(calls []awsproto.Call) int {
	n := 0
	for _, call := range calls {
		if call.Write() {
			n++
		}
	}
	return n
}
