package backfill

import (
	"context"
	"fmt"
	"time"

	"github.com/tiendi/tiendi/internal/operate/journal"
	"github.com/tiendi/tiendi/internal/transform/run"
)

// Changes are database changes as they came.
type Changes interface {
	// Hours are those in which changes came, in their order, and a note where they do not
	// go back to the beginning.
	Hours(ctx context.Context) (hours []time.Time, note string, err error)
	// Refill brings the changes of hours into the raw tables, but for those that are there
	// already. It calls done whenever those of some more hours stand, in their order.
	Refill(ctx context.Context, hours []time.Time, done func(hours []time.Time) error) error
}

// settled is how far behind the newest hour of an archive no file comes to any more.
const settled = 2 * time.Hour

// planChanges finds the hours of changes. They are all hours there are, whatever the
// range: a row may have changed for the last time long before, and long after.
func (b *Backfill) planChanges(ctx context.Context) error {
	if b.Changes == nil {
		return nil
	}
	hours, note, err := b.Changes.Hours(ctx)
	if err != nil {
		return fmt.Errorf("look for database changes in the archive: %w", err)
	}
	b.Notice = note
	for _, h := range hours {
		b.Changed = append(b.Changed, Slice{From: h, To: h.Add(time.Hour), State: journal.Pending})
	}
	return nil
}

// refillChanges brings them back, and writes down the hours that stand. The newest ones
// are brought back each time, since the archive may still be writing them.
func (b *Backfill) refillChanges(ctx context.Context) error {
	var left []time.Time
	for _, h := range b.Changed {
		if h.State != journal.Done {
			left = append(left, h.From)
		}
	}
	if len(left) == 0 {
		return nil
	}
	last := left[len(left)-1].Add(-settled)
	finished := len(b.Changed) - len(left)
	err := b.Changes.Refill(ctx, left, func(hours []time.Time) error {
		var entries []journal.Entry
		for _, h := range hours {
			finished++
			b.tell(Event{Step: changesStep, Day: h, Done: finished, Of: len(b.Changed)})
			e := b.entry("", journal.Done, "")
			e.Step, e.From, e.To = changesStep, h, h.Add(time.Hour)
			if h.Before(last) {
				entries = append(entries, e)
			}
		}
		if len(entries) == 0 {
			return nil
		}
		return b.journal.Add(ctx, entries...)
	})
	switch {
	case err != nil && ctx.Err() != nil:
		return fmt.Errorf("%w: %w", run.ErrCancelled, err)
	case err != nil:
		return fmt.Errorf("refill database changes from the archive: %w", err)
	}
	return nil
}
