package emulator

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator/awsproto"
)

func managementCall(service, region string) *awsproto.Request {
	request, _ := http.NewRequestWithContext(context.Background(), http.MethodGet, "/", nil)
	return &awsproto.Request{Request: request, Service: service, Region: region}
}

func code(err error) string {
	if refusal, is := err.(*awsproto.Error); is {
		return refusal.Code
	}
	return ""
}

// TestQuotasAreTheRealOnes states fact F1.
func TestQuotasAreTheRealOnes(t *testing.T) {
	now := time.Unix(0, 0)
	gate := newQuotaGate(RealQuotas(), func() time.Time { return now })
	passes := func(region, operation string, calls int) (passed int) {
		for range calls {
			if gate.Pass(managementCall("apigateway", region), operation) == nil {
				passed++
			}
		}
		return passed
	}
	assert.Equal(t, 40, passes("eu-west-1", "GetStage", 100), "a burst of 40")
	assert.Equal(t, 40, passes("us-east-1", "GetStage", 100), "each region has its own")
	now = now.Add(time.Second)
	assert.Equal(t, 10, passes("eu-west-1", "UpdateBasePathMapping", 100), "then 10 a second")
	now = now.Add(time.Minute)
	assert.Equal(t, 1, passes("eu-west-1", "DeleteRestApi", 3), "one in 30 seconds")
	now = now.Add(29 * time.Second)
	assert.Equal(t, 0, passes("eu-west-1", "DeleteRestApi", 1))
	now = now.Add(time.Second)
	assert.Equal(t, 1, passes("eu-west-1", "DeleteRestApi", 1))
	assert.Equal(t, 5, passes("eu-west-1", "CreateResource", 20))

	assert.Equal(t, "TooManyRequestsException", code(gate.Pass(managementCall("apigateway", "eu-west-1"), "DeleteRestApi")))
	for range 100 {
		require.NoError(t, gate.Pass(managementCall("route53", "us-east-1"), "GetChange"), "other services are not limited")
	}
}

func TestFaultsStrikeTheCallsThatTheyName(t *testing.T) {
	gate := newFaultGate(&Faults{Rules: []Fault{
		{Service: "apigateway", Operation: "GetStage", First: 2, Status: http.StatusTooManyRequests},
		{Operation: "GetStage", First: 1, Status: http.StatusServiceUnavailable},
		{Service: "route53", Status: http.StatusTooManyRequests},
		{Operation: "DeleteStage", Drop: true},
	}})
	stage := func() error { return gate.Pass(managementCall("apigateway", "eu-west-1"), "GetStage") }
	assert.Equal(t, "TooManyRequestsException", code(stage()))
	assert.Equal(t, "TooManyRequestsException", code(stage()))
	assert.Equal(t, "ServiceUnavailableException", code(stage()), "the next rule that fits takes over")
	require.NoError(t, stage())
	assert.Equal(t, "Throttling", code(gate.Pass(managementCall("route53", "us-east-1"), "GetChange")))
	require.ErrorIs(t, gate.Pass(managementCall("apigateway", "eu-west-1"), "DeleteStage"), awsproto.ErrDropConnection)
	require.NoError(t, gate.Pass(managementCall("apigateway", "eu-west-1"), "GetRestApi"))

	gate.set(nil)
	require.NoError(t, gate.Pass(managementCall("route53", "us-east-1"), "GetChange"))
}

func TestFaultsByProbabilityAreTheSameForTheSameSeed(t *testing.T) {
	draw := func(seed uint64) (struck []bool) {
		gate := newFaultGate(&Faults{Seed: seed, Rules: []Fault{{Probability: 0.3, Status: http.StatusInternalServerError}}})
		for range 200 {
			struck = append(struck, gate.Pass(managementCall("acm", "eu-west-1"), "ListCertificates") != nil)
		}
		return struck
	}
	count := 0
	for _, struck := range draw(1) {
		if struck {
			count++
		}
	}
	assert.InDelta(t, 60, count, 25)
	assert.Equal(t, draw(1), draw(1))
	assert.NotEqual(t, draw(1), draw(2))
}

func TestLatencyEndsWithTheCaller(t *testing.T) {
	gate := newFaultGate(&Faults{Rules: []Fault{{Latency: time.Minute}}})
	call := managementCall("sts", "eu-west-1")
	ctx, cancel := context.WithTimeout(call.Context(), 10*time.Millisecond)
	defer cancel()
	call.Request = call.WithContext(ctx)
	require.ErrorIs(t, gate.Pass(call, "GetCallerIdentity"), awsproto.ErrDropConnection)
}
