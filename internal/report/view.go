package report

import (
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"apigateway-maintenance/internal/maintenance"
	"apigateway-maintenance/internal/probe"
)

// view is what the template shows: words only, without secrets.
type view struct {
	Style         template.CSS
	Direction     maintenance.Direction
	Title         string
	Result        Result
	Badge, Symbol string
	Outcome       string
	Guard         string
	Figures       []fact
	Chart         *chart
	Legend        []legend
	URLs          []urlRow
	Wrong         []wrongRow
	WrongTotal    int
	Latency       []latencyRow
	Changes       []changeRow
	Facts         []fact
	Notes         []string
}

type fact struct{ Name, Value string }

type legend struct {
	Verdict probe.Verdict
	Name    string
	Count   int
}

type urlRow struct {
	URL                          string
	Last, Expected               string
	Right                        bool
	Live, Maintenance, Bad, Flip int
	First, Final                 turn
}

// turn is one change of a URL's answers.
type turn struct{ What, At, After string }

type wrongRow struct{ URL, At, After, Status, Reason string }

type latencyRow struct {
	When, Phase, P50, P90, P99, Max string
	Answers                         int
}

type changeRow struct{ Address, Action, Before, After string }

var badges = map[Result][2]string{
	Confirmed:   {"✓", "Confirmed"},
	Unconfirmed: {"!", "Not confirmed"},
	Failed:      {"✕", "Failed"},
	Unchanged:   {"–", "Nothing changed"},
}

func newView(d Data) view {
	s := d.Summary
	v := view{
		Style: template.CSS(style), Direction: d.Direction, Title: d.Title, Result: d.Result,
		Symbol: badges[d.Result][0], Badge: badges[d.Result][1],
		Outcome: d.Outcome, Guard: d.Guard, Notes: d.Notes,
		Chart: newChart(s, d.Finished),
		Legend: []legend{
			{probe.Live, "live", s.Counts[probe.Live]},
			{probe.Maintenance, "maintenance", s.Counts[probe.Maintenance]},
			{probe.Wrong, "wrong", s.Counts[probe.Wrong]},
		},
		WrongTotal: s.Counts[probe.Wrong],
	}
	if v.Title == "" {
		v.Title = hosts(s.URLs)
	}
	for _, u := range s.URLs {
		v.URLs = append(v.URLs, newURLRow(u, d.Expected, s.Started))
		v.Wrong = append(v.Wrong, wrongRows(u, s.Started)...)
	}
	for _, c := range d.Changes {
		row := changeRow{Address: c.Address, Action: c.Action}
		if c.Before != nil && c.After != nil {
			row.Before, row.After = c.Before.String(), c.After.String()
		}
		v.Changes = append(v.Changes, row)
	}
	v.Latency = latency(s)
	v.Figures = figures(s)
	v.Facts = facts(d)
	return v
}

func hosts(urls []probe.URLSummary) string {
	var names []string
	for _, summary := range urls {
		u, err := url.Parse(summary.URL)
		if err == nil && u.Host != "" && !slices.Contains(names, u.Host) {
			names = append(names, u.Host)
		}
	}
	return strings.Join(names, ", ")
}

func newURLRow(u probe.URLSummary, expected probe.Expected, start time.Time) urlRow {
	row := urlRow{
		URL: shown(u.URL), Last: "no answer", Expected: string(expected[u.URL]), Flip: u.Flips,
		Live: u.Counts[probe.Live], Maintenance: u.Counts[probe.Maintenance], Bad: u.Counts[probe.Wrong],
	}
	if u.Last != nil {
		row.Last = string(u.Last.Verdict)
		row.Right = u.Last.Verdict == expected[u.URL]
	}
	if len(u.Changes) > 0 {
		row.First = newTurn(u.Changes[0], start)
		row.Final = newTurn(u.Changes[len(u.Changes)-1], start)
	}
	return row
}

func newTurn(c probe.Change, start time.Time) turn {
	return turn{
		What:  fmt.Sprintf("%s → %s", c.Before.Verdict, c.After.Verdict),
		At:    timeOfDay(c.After.Due),
		After: relative(c.After.Due, start),
	}
}

// wrongShown is how many wrong answers of a URL are shown, from either end.
const wrongShown = 5

func wrongRows(u probe.URLSummary, start time.Time) []wrongRow {
	samples := slices.Concat(u.WrongFirst, u.WrongLast)
	if len(samples) > 2*wrongShown {
		samples = slices.Concat(samples[:wrongShown], samples[len(samples)-wrongShown:])
	}
	var rows []wrongRow
	for _, s := range samples {
		row := wrongRow{URL: shown(s.URL), At: timeOfDay(s.Due), After: relative(s.Due, start), Status: "none", Reason: told(s.Reason, s.URL)}
		if s.Status != 0 {
			row.Status = fmt.Sprint(s.Status)
		}
		rows = append(rows, row)
	}
	return rows
}

// latency tells each phase that had answers. Percentiles of several phases
// cannot be joined, so each keeps a row of its own under before, during, after.
func latency(s probe.Summary) []latencyRow {
	var rows []latencyRow
	when := "Before"
	for i, p := range s.Phases {
		switch p.Name {
		case maintenance.MarkApply:
			when = "During"
		case maintenance.MarkApplied:
			when = "After"
		}
		answers := p.Counts[probe.Live] + p.Counts[probe.Maintenance] + p.Counts[probe.Wrong]
		if answers == 0 {
			continue
		}
		row := latencyRow{When: when, Phase: phaseName(s.Phases, i), Answers: answers, P50: "–", P90: "–", P99: "–", Max: "–"}
		if p.Max > 0 {
			row.P50, row.P90, row.P99, row.Max = span(p.P50), span(p.P90), span(p.P99), span(p.Max)
		}
		rows = append(rows, row)
	}
	return rows
}

func phaseName(phases []probe.Phase, i int) string {
	from, to := string(phases[i].Name), "the end"
	if from == "" {
		from = "the start"
	}
	if i+1 < len(phases) {
		to = string(phases[i+1].Name)
	}
	return from + " to " + to
}

// figures are the few numbers that are read first.
func figures(s probe.Summary) []fact {
	total := s.Counts[probe.Live] + s.Counts[probe.Maintenance] + s.Counts[probe.Wrong]
	list := []fact{{"answers", fmt.Sprint(total)}, {"wrong answers", fmt.Sprint(s.Counts[probe.Wrong])}}
	start, began := markAt(s.Marks, maintenance.MarkApply)
	if end, ended := markAt(s.Marks, maintenance.MarkApplied); began && ended {
		list = append(list, fact{"apply took", span(end.Sub(start))})
	}
	if confirmed, ok := markAt(s.Marks, maintenance.MarkConfirmed); began && ok {
		list = append(list, fact{"from apply to confirmation", span(confirmed.Sub(start))})
	}
	return list
}

func markAt(marks []probe.Moment, name maintenance.Mark) (time.Time, bool) {
	for _, m := range marks {
		if m.Name == name {
			return m.At, true
		}
	}
	return time.Time{}, false
}

func facts(d Data) []fact {
	list := []fact{{"Started", absolute(d.Started)}, {"Finished", absolute(d.Finished)}}
	if !d.Started.IsZero() && !d.Finished.IsZero() {
		list = append(list, fact{"Took", span(d.Finished.Sub(d.Started))})
	}
	list = append(list, fact{"Root module", d.Root}, fact{"Workspace", d.Workspace}, fact{"Variable", d.Variable},
		fact{"Kit", d.Kit}, fact{"Engine", d.Terraform})
	return slices.DeleteFunc(list, func(f fact) bool { return f.Value == "" || f.Value == "–" })
}
