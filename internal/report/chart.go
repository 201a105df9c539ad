package report

import (
	"fmt"
	"math"
	"time"

	"apigateway-maintenance/internal/probe"
)

// The chart's measures. Lengths along x are per cent of the plot, so that one
// drawing fits a phone and a desk without its text being scaled; lengths along
// y are pixels.
const (
	maxBars    = 120 // more would be thinner than a pixel on a phone
	badgeSpace = 7.5 // per cent between two marks' numbers in one row
	badgeRow   = 22
	plotHeight = 170
	axisHeight = 26
)

type chart struct {
	Height, Top, Bottom, AxisY int
	Bars                       []bar
	Marks                      []mark
	XTicks, YTicks             []tick
	// Width is the span of time that one bar stands for.
	Width string
	// Description for those who do not see the chart.
	Description string
}

// bar is one stack of answers; parts are from the bottom up.
type bar struct {
	X, Width float64
	Title    string
	Parts    []part
}

type part struct {
	Verdict   probe.Verdict
	Y, Height float64
}

type mark struct {
	Number         int
	X              float64
	Y, TextY       int
	Name           string
	At, After, ISO string
}

type tick struct {
	At     float64
	TextY  float64
	Anchor string
	Label  string
}

// newChart draws the timeline; without answers there is nothing to draw.
func newChart(s probe.Summary, until time.Time) *chart {
	buckets, width := merge(s.Span.Buckets, s.Span.Width)
	if len(buckets) == 0 || width <= 0 {
		return nil
	}
	total := buckets[len(buckets)-1].From + width
	for _, m := range append(s.Marks, probe.Moment{At: until}) {
		total = max(total, m.At.Sub(s.Started))
	}
	c := &chart{Width: plural(width)}
	rows := c.placeMarks(s, total)
	c.Top = rows*badgeRow + 8
	c.Bottom = c.Top + plotHeight
	c.AxisY = c.Bottom + 18
	c.Height = c.Bottom + axisHeight

	var highest float64
	for _, b := range buckets {
		highest = max(highest, float64(b.Live+b.Maintenance+b.Wrong)/width.Seconds())
	}
	step := niceStep(highest/3, 1)
	top := math.Max(step, math.Ceil(highest/step)*step)
	for v := 0.0; v <= top+step/2; v += step {
		y := float64(c.Bottom) - v/top*plotHeight
		c.YTicks = append(c.YTicks, tick{At: y, TextY: y + 4, Label: fmt.Sprintf("%g", v)})
	}
	scale := plotHeight / top / width.Seconds()
	for _, b := range buckets {
		c.Bars = append(c.Bars, newBar(b, width, total, scale, float64(c.Bottom)))
	}
	c.placeTimes(total)
	c.Description = fmt.Sprintf("Stacked bars, one for %s, of the answers a second over %s: %d live, %d maintenance, %d wrong.",
		c.Width, span(total), s.Counts[probe.Live], s.Counts[probe.Maintenance], s.Counts[probe.Wrong])
	return c
}

func plural(d time.Duration) string {
	if d == time.Second {
		return "each second"
	}
	return "every " + span(d)
}

// merge joins neighbours until there are few enough bars, and fills the gaps
// of the timeline, so that time without answers is as wide as it was long.
func merge(buckets []probe.Bucket, width time.Duration) ([]probe.Bucket, time.Duration) {
	if len(buckets) == 0 || width <= 0 {
		return nil, 0
	}
	end := buckets[len(buckets)-1].From + width
	merged := width
	for end > maxBars*merged {
		merged *= 2
	}
	all := make([]probe.Bucket, (end+merged-1)/merged)
	for i := range all {
		all[i].From = time.Duration(i) * merged
	}
	for _, b := range buckets {
		into := &all[b.From/merged]
		into.Live += b.Live
		into.Maintenance += b.Maintenance
		into.Wrong += b.Wrong
		into.Slowest = max(into.Slowest, b.Slowest)
	}
	return all, merged
}

func newBar(b probe.Bucket, width, total time.Duration, scale, bottom float64) bar {
	slot := percent(width, total)
	drawn := bar{
		X:     percent(b.From, total) + slot*0.08,
		Width: slot * 0.84,
		Title: fmt.Sprintf("%s: %d live, %d maintenance, %d wrong; slowest %s", clock(b.From), b.Live, b.Maintenance, b.Wrong, span(b.Slowest)),
	}
	y := bottom
	for _, p := range []struct {
		verdict probe.Verdict
		count   int
	}{{probe.Live, b.Live}, {probe.Maintenance, b.Maintenance}, {probe.Wrong, b.Wrong}} {
		if p.count == 0 {
			continue
		}
		height := float64(p.count) * scale
		if p.verdict == probe.Wrong {
			height = max(height, 4) // one wrong answer among thousands must be seen
		}
		y -= height
		drawn.Parts = append(drawn.Parts, part{Verdict: p.verdict, Y: y, Height: height})
	}
	return drawn
}

// placeMarks puts the marks' numbers into as few rows as they fit in side by
// side, and returns how many those are.
func (c *chart) placeMarks(s probe.Summary, total time.Duration) int {
	var ends []float64 // of each row
	for i, m := range s.Marks {
		x := min(max(percent(m.At.Sub(s.Started), total), 0), 100)
		row := 0
		for row < len(ends) && x-ends[row] < badgeSpace {
			row++
		}
		if row == len(ends) {
			ends = append(ends, x)
		}
		ends[row] = x
		c.Marks = append(c.Marks, mark{
			Number: i + 1, X: x, Y: row*badgeRow + 11, TextY: row*badgeRow + 15,
			Name: string(m.Name), At: timeOfDay(m.At), After: relative(m.At, s.Started), ISO: m.At.UTC().Format(time.RFC3339Nano),
		})
	}
	return len(ends)
}

func (c *chart) placeTimes(total time.Duration) {
	step := time.Duration(niceStep(total.Seconds()/4, 1)) * time.Second
	if total > time.Minute {
		step = time.Duration(niceStep(total.Minutes()/4, 0.5)*60) * time.Second
	}
	for at := time.Duration(0); at <= total; at += step {
		t := tick{At: percent(at, total), Anchor: "middle", Label: clock(at)}
		switch {
		case at == 0:
			t.Anchor = "start"
		case t.At > 96:
			t.Anchor = "end"
		}
		c.XTicks = append(c.XTicks, t)
	}
}

func percent(part, whole time.Duration) float64 { return float64(part) / float64(whole) * 100 }

// niceStep is the smallest of 1, 2, 5, 10, 20 and so on that is at least both.
func niceStep(wanted, least float64) float64 {
	wanted = max(wanted, least)
	magnitude := math.Pow(10, math.Floor(math.Log10(wanted)))
	for _, factor := range []float64{1, 2, 5} {
		if factor*magnitude >= wanted-1e-9 {
			return factor * magnitude
		}
	}
	return 10 * magnitude
}
