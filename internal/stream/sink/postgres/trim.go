package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// A transaction deletes so many rows, and one Trim is so many transactions a table:
// who trims writes nothing meanwhile.
const (
	trimRows   = 10_000
	trimRounds = 20
)

// Trim deletes what is older than it is kept, as far as it comes. Of a window that
// was trimmed a late update writes a row again, until the next Trim.
func (s *Sink) Trim(ctx context.Context, now time.Time) error {
	if s.keep <= 0 {
		return nil
	}
	for _, t := range []struct{ table, column string }{
		{"live_minute", "window_start"}, {"live_daily", "window_start"}, {"live_sessions", "started_at"},
	} {
		if err := s.trim(ctx, t.table, t.column, now.Add(-s.keep)); err != nil {
			return fmt.Errorf("delete old rows of %s: %w", t.table, err)
		}
	}
	return nil
}

func (s *Sink) trim(ctx context.Context, table, column string, before time.Time) error {
	// Rows that are being written now are for the next time: to wait for them may be to
	// wait for each other.
	sql := fmt.Sprintf(`DELETE FROM tiendi.%[1]s WHERE ctid = ANY(ARRAY(
		SELECT ctid FROM tiendi.%[1]s WHERE %[2]s < $1 LIMIT %[3]d FOR UPDATE SKIP LOCKED))`, table, column, trimRows)
	deleted := int64(trimRows)
	for round := 0; round < trimRounds && deleted == trimRows; round++ {
		err := s.db.Tx(ctx, func(tx pgx.Tx) error {
			tag, err := tx.Exec(ctx, sql, before)
			deleted = tag.RowsAffected()
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
