package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"apigateway-maintenance/internal/sandbox"
)

// example is a root that the demo plays.
type example struct {
	name string
	// what there is, once it is applied.
	what string
	vars func(*sandbox.Sandbox) map[string]any
	// build makes what the root needs beside its code; may be nil.
	build func(ctx context.Context, root string) error
	// paths are probed, below the domain.
	paths []string
	// calls are made and shown while the API is live.
	calls []call
}

type call struct{ method, path, body string }

var examples = []example{
	{
		name: "basic", what: "a live API, the mock beside it, the domain, its record", vars: (*sandbox.Sandbox).Vars,
		paths: []string{"/", "/orders/42/items"},
	},
	{
		name: "serverless", what: "a function behind two APIs, the mock, the domain, its record", vars: (*sandbox.Sandbox).ServerlessVars,
		build: func(ctx context.Context, root string) error { return sandbox.BuildOrders(ctx, root, "1") },
		paths: []string{"/orders", "/orders/1"},
		calls: []call{{http.MethodPost, "/orders", `{"item":"coffee","quantity":3}`}, {http.MethodGet, "/orders", ""}, {http.MethodGet, "/health", ""}},
	},
}

// exampleNamed finds one.
func exampleNamed(name string) (example, error) {
	i := slices.IndexFunc(examples, func(e example) bool { return e.name == name })
	if i < 0 {
		return example{}, usageError{fmt.Errorf("--example must be %s, not %q", names(), name)}
	}
	return examples[i], nil
}

func names() string {
	var all []string
	for _, e := range examples {
		all = append(all, e.name)
	}
	return strings.Join(all, " or ")
}

// ask makes a call as the website would.
func (d *demo) ask(ctx context.Context, c call) (*http.Response, string, error) {
	request, err := http.NewRequestWithContext(ctx, c.method, "https://"+sandbox.Domain+c.path, strings.NewReader(c.body))
	if err != nil {
		return nil, "", err
	}
	request.Header.Set("Origin", "https://"+sandbox.Website)
	if c.body != "" {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := d.stage.Emulator.HTTPClient().Do(request)
	if err != nil {
		return nil, "", fmt.Errorf("%s %s: %w", c.method, request.URL, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return response, string(body), err
}

// showCalls makes the example's calls; each has to succeed.
func (d *demo) showCalls(ctx context.Context) error {
	for _, c := range d.example.calls {
		response, body, err := d.ask(ctx, c)
		if err != nil {
			return err
		}
		d.shown.Line("  %s", strings.TrimSpace(c.method+" "+c.path+" "+c.body))
		d.shown.Line("    %s %s", response.Status, body)
		if response.StatusCode >= http.StatusBadRequest {
			return fmt.Errorf("%s %s got %s: %s", c.method, c.path, response.Status, body)
		}
	}
	return nil
}
