package test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"apigateway-maintenance/internal/emulator"
	"apigateway-maintenance/test/harness"
)

const website = "https://app.example.com/"

// TestServerlessWebsite shows the website of examples/serverless in a browser,
// while its API goes out of service and comes back with a form half filled.
func TestServerlessWebsite(t *testing.T) {
	s := harness.NewServerless(t, emulator.Config{}, map[string]any{
		"maintenance_retry_after": "1", "log_maintenance": true,
		"maintenance_message": "Orders are closed while we move to a new database. Nothing you sent before is lost.",
	})
	s.Apply(nil)
	browser := harness.StartBrowser(t, map[string]string{"*.example.com": s.Emulator.HTTPSAddr()})
	page := browser.Open(t, website)
	page.Sees("tea")
	page.Look(1280, "light", "website-live")
	page.Type("[name=item]", "a pound of coffee")

	s.Apply(map[string]any{"maintenance_mode": true})
	page.Click("button")
	page.Sees("Orders are closed while we move to a new database.")
	page.Sees("Expected back at ")
	kept := `document.querySelector("[name=item]").value`
	assert.Equal(t, "a pound of coffee", page.JS(kept), "what was typed stays")
	assert.Equal(t, "true", page.JS(`String(document.querySelector("button").disabled)`))
	for _, width := range []int64{360, 1280} {
		for _, scheme := range []string{"light", "dark"} {
			page.Look(width, scheme, "website-maintenance")
		}
	}

	s.Apply(map[string]any{"maintenance_mode": false})
	page.Sees("We are back.")
	assert.NotContains(t, page.Text(), "Down for maintenance")
	assert.Equal(t, "a pound of coffee", page.JS(kept))
	page.Look(360, "dark", "website-back")
	page.Click("button")
	page.Sees("Order 2 is placed.")
	page.Sees("a pound of coffee")
	assert.Empty(t, page.Complaints(), "the console")

	logged, err := cloudwatchlogs.NewFromConfig(s.Config()).FilterLogEvents(t.Context(), &cloudwatchlogs.FilterLogEventsInput{
		LogGroupName: aws.String("orders-maintenance"), FilterPattern: aws.String("POST"),
	})
	require.NoError(t, err)
	assert.NotEmpty(t, logged.Events, "the mock's access log")

	answers := page.Answers(ordersURL)
	statuses := map[int64]bool{}
	for _, answer := range answers {
		statuses[answer.Status] = true
		assert.Equal(t, "https://app.example.com", answer.Headers["access-control-allow-origin"], "%d of %s", answer.Status, answer.URL)
	}
	for _, status := range []int64{200, 201, 503} {
		assert.Contains(t, statuses, status)
	}
	s.Destroy(nil)
}

// TestWebsiteWithoutMaintenance lets the API fail in other ways, which the page
// must not take for maintenance.
func TestWebsiteWithoutMaintenance(t *testing.T) {
	s := harness.EmptyStage(t, emulator.Config{})
	status := http.StatusServiceUnavailable
	api := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "https://app.example.com")
		w.WriteHeader(status)
		fmt.Fprint(w, `{"message":"Service Unavailable"}`)
	}))
	defer api.Close()
	browser := harness.StartBrowser(t, map[string]string{"app.example.com": s.Emulator.HTTPSAddr(), "api.example.com": api.Listener.Addr().String()})
	const ours, network = "Something went wrong on our side.", "The orders service cannot be reached."
	for _, status = range []int{http.StatusServiceUnavailable, http.StatusBadGateway} {
		page := browser.Open(t, website)
		page.Sees(ours)
		assert.NotContains(t, page.Text(), "maintenance", "%d", status)
		assert.Equal(t, "false", page.JS(`String(document.querySelector("button").disabled)`))
	}
	api.Close()
	page := browser.Open(t, website)
	page.Sees(network)
	assert.NotContains(t, page.Text(), "maintenance")
	page.Look(360, "light", "website-unreachable")
}
