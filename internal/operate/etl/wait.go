package etl

import (
	"context"
	"fmt"
	"time"
)

// Watermark is how far in event time the data reach.
type Watermark struct {
	At     time.Time // zero: there are none
	Source string    // "the streams" or "the newest event"
}

// Waiting is the step that lets a day come to its end.
type Waiting struct {
	End time.Time // of the day
	// Now tells the watermark.
	Now func(ctx context.Context) (Watermark, error)
	// Most bounds the wait; 0 does not wait, and goes on with what is there.
	Most time.Duration
	// Poll is the time between two looks.
	Poll time.Duration
	// Told hears of every look; nil: nobody.
	Told func(Watermark)
}

// Do waits until the watermark has passed the end of the day.
func (w Waiting) Do(ctx context.Context) (string, error) {
	deadline := time.NewTimer(w.Most)
	defer deadline.Stop()
	for {
		mark, err := w.Now(ctx)
		if err != nil {
			return "", err
		}
		if !mark.At.Before(w.End) {
			return fmt.Sprintf("%s reached %s", mark.Source, mark.At.UTC().Format(time.RFC3339)), nil
		}
		if w.Most == 0 {
			return "not waited: " + mark.text(), nil
		}
		if w.Told != nil {
			w.Told(mark)
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-deadline.C:
			return "", fmt.Errorf("waited %s for the day to end: %s, and the day ends at %s\n  see tiendi stream status, or load what is missing; --max-wait 0 goes on with what is there",
				w.Most, mark.text(), w.End.UTC().Format(time.RFC3339))
		case <-time.After(w.Poll):
		}
	}
}

func (w Watermark) text() string {
	if w.At.IsZero() {
		return "there are no events yet"
	}
	return fmt.Sprintf("%s reached %s only", w.Source, w.At.UTC().Format(time.RFC3339))
}
