package lambda_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// BenchmarkWarmInvocation compares a warm call of a function, that returns at
// once, with a hop to a plain net/http server, turn about: overhead-ms is the
// difference of the medians. The target is less than 2.
func BenchmarkWarmInvocation(b *testing.B) {
	a := newAccount(b)
	arn := *a.create(bootstrap(b)).FunctionArn
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }))
	defer server.Close()
	invoke := func() {
		result, err := a.functions.Invoke(arn, []byte(`{}`), "")
		require.NoError(b, err)
		require.Empty(b, result.FunctionError)
	}
	hop := func() {
		response, err := server.Client().Post(server.URL, "application/json", strings.NewReader("{}"))
		require.NoError(b, err)
		_, err = io.Copy(io.Discard, response.Body)
		require.NoError(b, err)
		_ = response.Body.Close()
	}
	invoke() // the cold start
	var function, plain []time.Duration
	for b.Loop() {
		function = append(function, timed(invoke))
		plain = append(plain, timed(hop))
	}
	b.ReportMetric(median(function), "function-p50-ms")
	b.ReportMetric(median(plain), "hop-p50-ms")
	b.ReportMetric(median(function)-median(plain), "overhead-ms")
}

// BenchmarkInvocationsASecond calls from several clients at a time. The target
// is 200 a second.
func BenchmarkInvocationsASecond(b *testing.B) {
	a := newAccount(b)
	arn := *a.create(bootstrap(b)).FunctionArn
	_, err := a.functions.Invoke(arn, []byte(`{}`), "") // the cold start
	require.NoError(b, err)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			result, err := a.functions.Invoke(arn, []byte(`{}`), "")
			require.NoError(b, err)
			require.Empty(b, result.FunctionError)
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
}

func timed(do func()) time.Duration {
	start := time.Now()
	do()
	return time.Since(start)
}

// median is in milliseconds.
func median(all []time.Duration) float64 {
	slices.Sort(all)
	return float64(all[len(all)/2].Microseconds()) / 1000
}
