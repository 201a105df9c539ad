package test

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/route53"
	"github.com/aws/aws-sdk-go-v2/service/route53/types"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator/awsproto"
)

// requireCalls requires exactly these calls to API Gateway.
func requireCalls(t *testing.T, calls []awsproto.Call, want map[string]int) {
	t.Helper()
	got := map[string]int{}
	for _, call := range calls {
		if call.Service == "apigateway" {
			got[call.Operation]++
		}
	}
	require.Equal(t, want, got)
}

// requireNoCall requires that an operation was not called.
func requireNoCall(t *testing.T, calls []awsproto.Call, operation, why string) {
	t.Helper()
	for _, call := range calls {
		require.NotEqual(t, operation, call.Operation, why)
	}
}

// callsTo counts the calls that name an API in their path.
func callsTo(calls []awsproto.Call, apiID string) int {
	n := 0
	for _, call := range calls {
		if strings.Contains(call.Path, apiID) {
			n++
		}
	}
	return n
}

// aliases are the names of the zone's A and AAAA records.
func (s *stage) aliases() []string {
	s.t.Helper()
	records, err := route53.NewFromConfig(s.Config()).ListResourceRecordSets(s.t.Context(), &route53.ListResourceRecordSetsInput{HostedZoneId: &s.ZoneID})
	require.NoError(s.t, err)
	var names []string
	for _, record := range records.ResourceRecordSets {
		if record.Type == types.RRTypeA || record.Type == types.RRTypeAaaa {
			names = append(names, *record.Name)
		}
	}
	return names
}

// target is one base path's in the output of the same name.
type target struct {
	Live        apiStage `json:"live"`
	Maintenance apiStage `json:"maintenance"`
}

type apiStage struct {
	APIID     string `json:"api_id"`
	StageName string `json:"stage_name"`
}
