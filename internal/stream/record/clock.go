package record

import "time"

// Clock is the event time of one partition: a function of its batches, and of
// nothing else. The zero Clock has seen nothing.
type Clock struct {
	Latest time.Time // the latest event's timestamp
	At     time.Time // Batch.At when it came
	Passed time.Duration
}

// Fold takes a batch: its events move time to the latest timestamp, and a tick as
// far beyond it as the enricher's clock has moved since that event came. So time
// also passes where events are of the past, at its usual pace.
func (c *Clock) Fold(b *Batch) {
	for i := range b.Events {
		e := &b.Events[i]
		if !e.Unsettled && e.Timestamp.After(c.Latest.Add(c.Passed)) {
			c.Latest, c.At, c.Passed = e.Timestamp, b.At, 0
		}
	}
	if b.Kind == Tick && !c.Latest.IsZero() {
		c.Passed = max(c.Passed, b.At.Sub(c.At))
	}
}

// Watermark is the time below which no more events are waited for; the zero time
// before anything came.
func (c *Clock) Watermark(lateness time.Duration) time.Time {
	if c.Latest.IsZero() {
		return time.Time{}
	}
	return c.Latest.Add(c.Passed - lateness)
}
