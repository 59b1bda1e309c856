package forget

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Database runs f in a transaction; *postgres.DB is one.
type Database interface {
	Tx(ctx context.Context, f func(pgx.Tx) error) error
}

// LiveSessions are those that the streams keep in PostgreSQL. Its other tables say
// nothing of anybody.
type LiveSessions struct{ DB Database }

// Name implements Place.
func (s *LiveSessions) Name() string { return "postgres" }

const liveSessions = "tiendi.live_sessions"

// theirs finds their rows; $3 are patterns of texts.
const theirs = " WHERE session_id = ANY($1) OR user_id = ANY($2) OR entry_url ILIKE ANY($3) OR exit_url ILIKE ANY($3)"

func (p *People) conditions() []any {
	var sessions, users, patterns []string
	for _, k := range p.Known {
		switch k.Kind {
		case User:
			users = append(users, k.Old)
			patterns = append(patterns, "%"+k.Old+"%", "%"+withoutHyphens(k.Old)+"%")
		case Session:
			sessions = append(sessions, k.Old)
		case Text:
			for _, form := range forms([]byte(k.Old)) {
				patterns = append(patterns, "%"+escapeLike(string(form))+"%")
			}
		}
	}
	return []any{sessions, users, patterns}
}

// Look implements Place.
func (s *LiveSessions) Look(ctx context.Context, p *People, _ func(string)) (found []Found, notes []string, err error) {
	var n uint64
	err = s.DB.Tx(ctx, func(tx pgx.Tx) error {
		var there bool
		if err := tx.QueryRow(ctx, "SELECT to_regclass($1) IS NOT NULL", liveSessions).Scan(&there); err != nil || !there {
			return err
		}
		return tx.QueryRow(ctx, "SELECT count(*) FROM "+liveSessions+theirs, p.conditions()...).Scan(&n)
	})
	if err == nil && n > 0 {
		found = []Found{{Place: s.Name(), Object: liveSessions, Count: n, Unit: "row"}}
	}
	return found, nil, err
}

// Forget implements Place.
func (s *LiveSessions) Forget(ctx context.Context, p *People, _ []Found, _ func(string)) error {
	err := s.DB.Tx(ctx, func(tx pgx.Tx) error { return s.rewrite(ctx, tx, p) })
	if err != nil {
		return fmt.Errorf("rewrite %s: %w", liveSessions, err)
	}
	return nil
}

// liveSession is what of a row may change.
type liveSession struct {
	Session     uuid.UUID
	Started     time.Time
	User        *uuid.UUID
	Entry, Exit string
}

func (s *LiveSessions) rewrite(ctx context.Context, tx pgx.Tx, p *People) error {
	rows, err := tx.Query(ctx, "SELECT session_id, started_at, user_id, entry_url, exit_url FROM "+liveSessions+theirs+" FOR UPDATE", p.conditions()...)
	if err != nil {
		return err
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[liveSession])
	if err != nil {
		return err
	}
	batch := &pgx.Batch{}
	for _, r := range all {
		to := r
		to.Session = p.pseudonym(r.Session)
		if r.User != nil {
			user := p.pseudonym(*r.User)
			to.User = &user
		}
		if to.Session != r.Session { // what came in again takes the place of what was there
			batch.Queue("DELETE FROM "+liveSessions+" WHERE session_id = $1 AND started_at = $2", to.Session, r.Started)
		}
		batch.Queue("UPDATE "+liveSessions+" SET session_id = $3, user_id = $4, entry_url = $5, exit_url = $6 WHERE session_id = $1 AND started_at = $2",
			r.Session, r.Started, to.Session, to.User, string(p.Edit([]byte(r.Entry))), string(p.Edit([]byte(r.Exit))))
	}
	return errors.Join(tx.SendBatch(ctx, batch).Close())
}

// pseudonym is what stands for an id, itself where nothing does.
func (p *People) pseudonym(id uuid.UUID) uuid.UUID {
	if to, ok := p.ids[id]; ok {
		return to
	}
	return id
}
