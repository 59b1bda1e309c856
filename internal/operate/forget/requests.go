package forget

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// Requests remembers what is to be forgotten for as long as that may come in again, in
// two tables of the warehouse: tiendi_forget_ids has the pseudonyms of open requests,
// tiendi_forget_requests when each was begun and ended, and nothing about whom.
type Requests struct{ w *Warehouse }

const (
	idsTable      = "tiendi_forget_ids"
	requestsTable = "tiendi_forget_requests"
)

// Request is one that is open.
type Request struct {
	ID       string
	Opened   time.Time
	LogUntil time.Time // until then the log may have something of theirs
}

// open makes the tables.
func (r *Requests) open(ctx context.Context) error {
	for _, sql := range []string{
		"CREATE TABLE IF NOT EXISTS " + r.w.own(idsTable) + " (request String, kind LowCardinality(String), old String, new String) ENGINE = MergeTree ORDER BY (request, kind, old) SETTINGS old_parts_lifetime = 1, cleanup_delay_period = 1, fsync_after_insert = 1, min_rows_to_fsync_after_merge = 1, fsync_part_directory = 1",
		"CREATE TABLE IF NOT EXISTS " + r.w.own(requestsTable) + " (request String, state LowCardinality(String), log_until DateTime64(3, 'UTC'), at DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC')) ENGINE = MergeTree ORDER BY (request, at)",
	} {
		if err := r.w.exec(ctx, sql); err != nil {
			return fmt.Errorf("make the tables of requests: %w", err)
		}
	}
	return nil
}

// known are the pseudonyms of all open requests.
func (r *Requests) known(ctx context.Context) (all []Pseudonym, err error) {
	// Of a thing that was written twice the same pseudonym is taken each time.
	sql := "SELECT any(request), kind, old, min(new) FROM " + r.w.own(idsTable) + " GROUP BY kind, old ORDER BY kind, old"
	err = r.w.each(ctx, sql, func(rows *warehouse.Rows) error {
		var p Pseudonym
		err := rows.Scan(&p.Request, (*string)(&p.Kind), &p.Old, &p.New)
		all = append(all, p)
		return err
	})
	if warehouse.IsCode(err, warehouse.CodeUnknownTable) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the open requests: %w", err)
	}
	return all, nil
}

// pending are the open requests.
func (r *Requests) pending(ctx context.Context) (all []Request, err error) {
	sql := "SELECT request, min(at), argMax(log_until, at) FROM " + r.w.own(requestsTable) + " GROUP BY request HAVING argMax(state, at) = 'open' ORDER BY min(at), request"
	err = r.w.each(ctx, sql, func(rows *warehouse.Rows) error {
		var one Request
		err := rows.Scan(&one.ID, &one.Opened, &one.LogUntil)
		all = append(all, one)
		return err
	})
	if warehouse.IsCode(err, warehouse.CodeUnknownTable) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the open requests: %w", err)
	}
	return all, nil
}

// remember writes pseudonyms down, before the first of them is used.
func (r *Requests) remember(ctx context.Context, added []Pseudonym) error {
	var rows rowBinary
	for _, p := range added {
		rows.add(p.Request, string(p.Kind), strings.ToLower(p.Old), p.New)
	}
	return rows.insert(ctx, r.w, idsTable)
}

// note writes down that a request is open, until when the log may have something.
func (r *Requests) note(ctx context.Context, request, state string, logUntil time.Time) error {
	sql := fmt.Sprintf("INSERT INTO %s (request, state, log_until) VALUES (%s, %s, %s)", r.w.own(requestsTable),
		warehouse.Literal(request), warehouse.Literal(state), warehouse.Instant(logUntil.UTC(), nil))
	if err := r.w.exec(ctx, sql); err != nil {
		return fmt.Errorf("write down that a request is %s: %w", state, err)
	}
	return nil
}

// close forgets which id became which. It is noted after that: a request whose run was
// killed in between is open still, and the next run closes it, of nobody.
func (r *Requests) close(ctx context.Context, request string) error {
	if err := r.w.exec(ctx, "ALTER TABLE "+r.w.own(idsTable)+" DELETE WHERE request = "+warehouse.Literal(request), synced); err != nil {
		return fmt.Errorf("close a request: %w", err)
	}
	return r.note(ctx, request, "closed", time.Unix(0, 0))
}

// drop removes the table of pseudonyms when no request is open, and all of its files.
func (r *Requests) drop(ctx context.Context) error {
	return r.w.exec(ctx, "DROP TABLE IF EXISTS "+r.w.own(idsTable)+" SYNC")
}

// pseudonyms makes some for what is new.
func pseudonyms(request string, kind Kind, old ...string) (all []Pseudonym) {
	for _, o := range old {
		p := Pseudonym{Request: request, Kind: kind, Old: strings.ToLower(o)}
		if kind != Text {
			p.New = uuid.NewString()
		}
		all = append(all, p)
	}
	return all
}
