package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// Keep says for how long rows are kept, by the beginning of their window or session.
// Zero is for ever.
type Keep struct{ Minutes, Days, Sessions time.Duration }

// trimRows is how many rows one transaction deletes, so that none is held up long.
const trimRows = 10_000

// Trim deletes what is older than its time. Of a window that was trimmed a late
// update writes a row again, until the next Trim.
func (s *Sink) Trim(ctx context.Context, now time.Time, keep Keep) error {
	for _, t := range []struct {
		table, column string
		keep          time.Duration
	}{
		{"live_minute", "window_start", keep.Minutes},
		{"live_daily", "window_start", keep.Days},
		{"live_sessions", "started_at", keep.Sessions},
	} {
		if t.keep <= 0 {
			continue
		}
		// Rows that are being written now are for the next time: to wait for them may
		// be to wait for each other.
		sql := fmt.Sprintf(`DELETE FROM tiendi.%[1]s WHERE ctid = ANY(ARRAY(
			SELECT ctid FROM tiendi.%[1]s WHERE %[2]s < $1 LIMIT %[3]d FOR UPDATE SKIP LOCKED))`, t.table, t.column, trimRows)
		for deleted := int64(trimRows); deleted == trimRows; {
			err := s.db.Tx(ctx, func(tx pgx.Tx) error {
				tag, err := tx.Exec(ctx, sql, now.Add(-t.keep))
				deleted = tag.RowsAffected()
				return err
			})
			if err != nil {
				return fmt.Errorf("delete old rows of %s: %w", t.table, err)
			}
		}
	}
	return nil
}
