package clickhouse

import (
	"context"
	"fmt"
	"iter"
	"time"

	"github.com/tiendi/tiendi/internal/stream/record"
)

// addMissing brings in those events of an insert that the table lacks though it keeps
// rows of their time.
func (s *Events) addMissing(ctx context.Context, batch string, batches iter.Seq[[]byte]) error {
	c := newEventColumns()
	condition, err := c.span(batches)
	if err != nil {
		return err
	}
	there, err := s.o.there(ctx, eventsTable, batch, condition)
	if err != nil {
		return err
	}
	oldest := s.keeps.oldest(s.o.Now())
	err = c.each(batches, func(index int, e *record.Event) error {
		if !there[uint64(index)] && !e.Timestamp.Before(oldest) {
			c.add(batch, index, e)
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.o.addMissing(ctx, &c.block, batch)
}

// span is the condition of rows in the time of the events of batches.
func (c *eventColumns) span(batches iter.Seq[[]byte]) (condition string, err error) {
	var from, to time.Time
	err = c.each(batches, func(index int, e *record.Event) error {
		if index == 0 || e.Timestamp.Before(from) {
			from = e.Timestamp
		}
		if index == 0 || e.Timestamp.After(to) {
			to = e.Timestamp
		}
		return nil
	})
	return fmt.Sprintf("timestamp BETWEEN fromUnixTimestamp64Milli(%d) AND fromUnixTimestamp64Milli(%d)", from.UnixMilli(), to.UnixMilli()), err
}
