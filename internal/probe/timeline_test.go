package probe

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestARequestUnderWayWhenTheAnswerTurnedIsNoChangeBack(t *testing.T) {
	start := time.Now()
	at := func(ms int, latency time.Duration, verdict Verdict) Sample {
		return Sample{URL: "https://api.example.com/", Due: start.Add(time.Duration(ms) * time.Millisecond), Latency: latency, Verdict: verdict}
	}
	tr := &track{counts: map[Verdict]int{}}
	tr.see(at(0, time.Millisecond, Live))
	tr.see(at(10, 30*time.Millisecond, Maintenance)) // a slow handshake: served late
	tr.see(at(20, time.Millisecond, Live))           // served before it
	tr.see(at(50, time.Millisecond, Maintenance))
	assert.Equal(t, 1, tr.flips)
	assert.Equal(t, 2, tr.counts[Live], "it is counted all the same")

	tr.see(at(60, time.Millisecond, Live)) // begun after the turn: a real flap
	assert.Equal(t, 2, tr.flips)
}
