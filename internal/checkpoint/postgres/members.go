package postgres

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/checkpoint"
)

// Beat implements checkpoint.Members.
func (s *Store) Beat(ctx context.Context, me checkpoint.Member) (alive []checkpoint.Member, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		alive, err = s.beat(ctx, tx, me)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("beat of member %q: %w", me.ID, err)
	}
	return alive, nil
}

func (s *Store) beat(ctx context.Context, tx pgx.Tx, me checkpoint.Member) ([]checkpoint.Member, error) {
	const write = `INSERT INTO tiendi.members (id, host, pid, started, beat, status) VALUES ($1, $2, $3, $4, now(), $5)
		ON CONFLICT (id) DO UPDATE SET host = excluded.host, pid = excluded.pid, started = excluded.started,
			beat = excluded.beat, status = excluded.status`
	// nil would be JSON's null, and not the absence of a status.
	status := any(me.Status)
	if me.Status == nil {
		status = nil
	}
	if _, err := tx.Exec(ctx, write, me.ID, me.Host, me.PID, me.Started, status); err != nil {
		return nil, err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM tiendi.members WHERE beat < now() - $1::interval", checkpoint.Forget); err != nil {
		return nil, err
	}
	return s.alive(ctx, tx)
}

// Alive implements checkpoint.Members.
func (s *Store) Alive(ctx context.Context) (alive []checkpoint.Member, err error) {
	err = s.db.Tx(ctx, func(tx pgx.Tx) error {
		alive, err = s.alive(ctx, tx)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("members: %w", err)
	}
	return alive, nil
}

func (s *Store) alive(ctx context.Context, tx pgx.Tx) ([]checkpoint.Member, error) {
	const read = `SELECT id, host, pid, started, beat, status FROM tiendi.members
		WHERE beat >= now() - $1::interval ORDER BY id COLLATE "C"`
	rows, err := tx.Query(ctx, read, s.ttl)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (m checkpoint.Member, err error) {
		var status *json.RawMessage
		err = row.Scan(&m.ID, &m.Host, &m.PID, &m.Started, &m.Beat, &status)
		if status != nil {
			m.Status = *status
		}
		m.Started, m.Beat = m.Started.UTC(), m.Beat.UTC()
		return m, err
	})
}

// Leave implements checkpoint.Members.
func (s *Store) Leave(ctx context.Context, id string) error {
	err := s.db.Tx(ctx, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, "DELETE FROM tiendi.members WHERE id = $1", id)
		return err
	})
	if err != nil {
		return fmt.Errorf("member %q leaves: %w", id, err)
	}
	return nil
}
