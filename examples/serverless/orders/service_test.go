package main

import (
	"encoding/json"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const origin = "https://app.example.com"

func ask(t *testing.T, s *service, method, resource, id, body string) (status int, answer map[string]any) {
	t.Helper()
	response, err := s.Handle(events.APIGatewayProxyRequest{HTTPMethod: method, Resource: resource, Body: body, PathParameters: map[string]string{"id": id}})
	require.NoError(t, err)
	assert.Equal(t, origin, response.Headers["Access-Control-Allow-Origin"], "on every answer")
	if response.Body != "" {
		require.NoError(t, json.Unmarshal([]byte(response.Body), &answer))
	}
	return response.StatusCode, answer
}

func TestOrdersAreListedMadeAndFound(t *testing.T) {
	t.Parallel()
	s := newService("7", origin)
	status, answer := ask(t, s, "GET", "/", "", "")
	assert.Equal(t, 200, status)
	assert.Len(t, answer["orders"], 1)

	status, answer = ask(t, s, "POST", "/", "", `{"item":"coffee","quantity":3}`)
	assert.Equal(t, 201, status)
	id, _ := answer["id"].(string)
	status, answer = ask(t, s, "GET", "/{id}", id, "")
	assert.Equal(t, 200, status)
	assert.Equal(t, "coffee", answer["item"])

}

func TestTheHealthStageTellsTheVersion(t *testing.T) {
	t.Parallel()
	response, err := newService("7", origin).Handle(events.APIGatewayProxyRequest{
		HTTPMethod: "GET", Resource: "/", RequestContext: events.APIGatewayProxyRequestContext{Stage: "health"},
	})
	require.NoError(t, err)
	assert.JSONEq(t, `{"status":"ok","version":"7"}`, response.Body)
}

func TestWhatIsNoOrderIsRefused(t *testing.T) {
	t.Parallel()
	s := newService("7", origin)
	for body, want := range map[string]int{"": 400, "tea": 400, `{"item":" ","quantity":1}`: 422, `{"item":"tea"}`: 422, `{"item":"tea","quantity":"2"}`: 400} {
		status, _ := ask(t, s, "POST", "/", "", body)
		assert.Equal(t, want, status, body)
	}
	status, _ := ask(t, s, "GET", "/{id}", "99", "")
	assert.Equal(t, 404, status)
	status, _ = ask(t, s, "DELETE", "/{id}", "1", "")
	assert.Equal(t, 405, status)
	status, _ = ask(t, s, "OPTIONS", "/{id}", "1", "")
	assert.Equal(t, 204, status)
}
