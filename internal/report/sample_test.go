package report

import (
	"time"

	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
)

const (
	secret   = "hunter2-must-not-be-seen"
	orders   = "https://api.example.com/orders"
	payments = "https://reader:" + secret + "@api.example.com/payments?token=" + secret
)

// sample is a switch of two base paths with one bad second.
func sample() Data {
	start := time.Date(2026, 11, 24, 1, 2, 3, 0, time.UTC)
	at := func(seconds float64) time.Time { return start.Add(time.Duration(seconds * float64(time.Second))) }
	ask := func(url string, seconds float64, verdict probe.Verdict, status int) probe.Sample {
		return probe.Sample{URL: url, Due: at(seconds), Latency: 12 * time.Millisecond, Verdict: verdict, Status: status}
	}
	summary := probe.Summary{
		Started: start,
		Counts:  map[probe.Verdict]int{probe.Live: 162, probe.Maintenance: 114, probe.Wrong: 4},
		Marks: []probe.Moment{
			{Name: maintenance.MarkPlan, At: at(4.2)}, {Name: maintenance.MarkApply, At: at(36.4)}, {Name: maintenance.MarkApplied, At: at(41.9)}, {Name: maintenance.MarkConfirmed, At: at(45.1)},
		},
		Span: probe.Span{Width: time.Second},
	}
	for second := range 70 {
		bucket := probe.Bucket{From: time.Duration(second) * time.Second, Slowest: 23 * time.Millisecond}
		switch {
		case second < 40:
			bucket.Live = 4
		case second == 40:
			bucket.Live, bucket.Maintenance = 2, 2
		case second == 41:
			bucket.Maintenance, bucket.Wrong = 0, 4
		default:
			bucket.Maintenance = 4
		}
		summary.Span.Buckets = append(summary.Span.Buckets, bucket)
	}
	for _, url := range []string{orders, payments} {
		first, last := ask(url, 0, probe.Live, 200), ask(url, 69.5, probe.Maintenance, 503)
		wrong := ask(url, 41, probe.Wrong, 502)
		wrong.Reason = "status 502 is neither live nor maintenance: GET " + url
		unanswered := ask(url, 41.5, probe.Wrong, 0)
		unanswered.Reason = "no answer within 5s"
		summary.URLs = append(summary.URLs, probe.URLSummary{
			URL: url, First: &first, Last: &last, Flips: 3,
			Counts: map[probe.Verdict]int{probe.Live: 81, probe.Maintenance: 57, probe.Wrong: 2},
			Changes: []probe.Change{
				{Before: ask(url, 40, probe.Live, 200), After: ask(url, 40.5, probe.Maintenance, 503)},
				{Before: ask(url, 40.5, probe.Maintenance, 503), After: wrong},
				{Before: unanswered, After: ask(url, 42, probe.Maintenance, 503)},
			},
			WrongFirst: []probe.Sample{wrong, unanswered},
		})
	}
	for i, name := range []maintenance.Mark{"", maintenance.MarkPlan, maintenance.MarkApply, maintenance.MarkApplied, maintenance.MarkConfirmed} {
		summary.Phases = append(summary.Phases, probe.Phase{
			Name: name, Counts: map[probe.Verdict]int{probe.Live: 16 + 20*i},
			P50: 11 * time.Millisecond, P90: time.Duration(14+i) * time.Millisecond, P99: time.Duration(19+2*i) * time.Millisecond, Max: time.Duration(23+400*i%900) * time.Millisecond,
		})
	}
	mapping := func(key, live string) Change {
		return Change{
			Address: `module.domain.aws_api_gateway_base_path_mapping.this["` + key + `"]`, Action: "update",
			Before: &maintenance.Target{APIID: live, StageName: "live"}, After: &maintenance.Target{APIID: "k8s2m0ck77", StageName: "maintenance"},
		}
	}
	return Data{
		Direction: "on", Result: Confirmed,
		Outcome:  "Maintenance is on: both URLs gave the maintenance answer 5 times in a row, 3.2 s after the apply; 4 answers were wrong.",
		Summary:  summary,
		Expected: probe.All(probe.Maintenance, []string{orders, payments}),
		Changes:  []Change{mapping("/orders", "a1b2c3d4e5"), mapping("/payments", "f6g7h8i9j0")},
		Guard:    "The plan does nothing but switch two mappings.",
		Started:  at(-1.5), Finished: at(70.2),
		Root: "infra/api", Workspace: "production", Variable: "maintenance_mode",
		Kit: "1.0.0", Terraform: "Terraform 1.11.4",
		Notes: []string{"Set maintenance_mode = true in the pipeline's variables too: its next deploy would switch back."},
	}
}
