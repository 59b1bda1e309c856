package report

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// ErrNoData says that there is no day to report on yet.
var ErrNoData = errors.New("no complete day with data")

// span is the first and the last complete day that the platform has data of,
// and the newest that the subject has: a store without a row on a day between
// them sold nothing then, also before it opened.
type span struct{ first, last, newest time.Time }

// has says whether the data reach over all of a period.
func (s span) has(start, end time.Time) bool {
	return !start.Before(s.first) && !end.AddDate(0, 0, -1).After(s.last)
}

// readSpan finds how far the data reach before today, on whatever store they
// are, and the newest day of the store where there is one only.
func (s Source) readSpan(ctx context.Context, today time.Time, store *Store) (span, error) {
	mine := "1"
	if store != nil {
		mine = "store_id = toUUID(" + warehouse.Literal(store.ID) + ")"
	}
	query := fmt.Sprintf("SELECT min(date), max(date), maxIf(date, %[2]s), countIf(%[2]s) FROM %[1]s WHERE date < %[3]s",
		table(s.Schema, "daily_metrics"), mine, day(today))
	var found span
	var days uint64
	platform := s.Platform
	if platform == nil {
		platform = s.Warehouse
	}
	err := each(ctx, platform, query, func(rows *warehouse.Rows) error {
		return rows.Scan(&found.first, &found.last, &found.newest, &days)
	})
	if err != nil {
		return span{}, fmt.Errorf("find the days with data: %w", err)
	}
	if days == 0 {
		return span{}, fmt.Errorf("%w in %s.daily_metrics: load data and run `tiendi build` first", ErrNoData, s.Schema)
	}
	return span{found.first.UTC(), found.last.UTC(), found.newest.UTC()}, nil
}
