package switchover

import (
	"context"
	"fmt"
	"time"

	"apigateway-maintenance/internal/probe"
)

// Verify asks URLs until each has given inARow answers of the wanted verdict,
// or fails with an [*probe.UnconfirmedError] when timeout has passed.
func Verify(ctx context.Context, config probe.Config, want probe.Verdict, inARow int, timeout time.Duration, emit func(Event)) error {
	config.HeaderFor = config.URLs
	w, err := newWatch(config, probe.All(want, config.URLs), emit)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	tellWithheld(w, config, emit)
	begun := time.Now()
	if err := w.prober.Start(ctx); err != nil {
		return err
	}
	defer w.prober.Stop()
	w.prober.Burst(min(inARow, confirmBurst))
	if err := w.prober.WaitSince(ctx, begun, w.expected, inARow); err != nil {
		emit(Event{Time: time.Now(), Event: EventUnconfirmed, Message: err.Error()})
		return err
	}
	emit(Event{Time: time.Now(), Event: EventConfirmed, Message: fmt.Sprintf("every URL answered %s %d times in a row", want, inARow)})
	return nil
}
