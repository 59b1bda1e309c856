package cdc

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sync/errgroup"

	"github.com/tiendi/tiendi/internal/change"
)

// job is a chunk that is to be sent.
type job struct {
	table *table
	chunk chunk
	place int // among the table's
}

// snapshot sends what is not done yet of all tables' rows.
func (s *session) snapshot(ctx context.Context) error {
	if err := s.settled(ctx); err != nil {
		return err
	}
	if err := s.clear(ctx); err != nil {
		return err
	}
	jobs, err := s.jobs(ctx)
	if err != nil {
		return err
	}
	queue := make(chan job, len(jobs))
	for _, j := range jobs {
		queue <- j
	}
	close(queue)
	group, ctx := errgroup.WithContext(ctx)
	for range min(s.Parallel, len(jobs)) {
		group.Go(func() error { return s.sendChunks(ctx, queue) })
	}
	return group.Wait()
}

// jobs are the chunks that are left, after planning those of tables that have none.
func (s *session) jobs(ctx context.Context) (jobs []job, err error) {
	for _, t := range s.tables {
		if err := s.planTable(ctx, t); err != nil {
			return nil, err
		}
		s.keeper.look(func(st *state) {
			for i, c := range st.Tables[t.String()].Chunks {
				if !c.Done {
					jobs = append(jobs, job{t, c, i})
				}
			}
		})
	}
	return jobs, nil
}

func (s *session) sendChunks(ctx context.Context, queue <-chan job) error {
	conn, err := s.db.connect(ctx)
	if err != nil {
		return err
	}
	defer closeConn(conn)
	for j := range queue {
		if err := s.sendChunk(ctx, conn.PgConn(), j); err != nil {
			return fmt.Errorf("snapshot of %s: %w", j.table.TableName, err)
		}
	}
	return nil
}

// settlePause is between two looks at transactions that are about to be visible.
const settlePause = 20 * time.Millisecond

// settled waits for transactions that are in the log before the snapshot's version, and
// that a chunk might not see: a commit is written first and becomes visible afterwards.
func (s *session) settled(ctx context.Context) error {
	wait := map[uint32]bool{}
	s.keeper.look(func(st *state) {
		for _, m := range st.Tables {
			for _, xid := range m.Wait {
				if !m.done() {
					wait[xid] = true
				}
			}
		}
	})
	return s.db.explain(visible(ctx, s.conn, wait, func() error { return nil }))
}

// visible waits until none of the transactions is under way any more. It calls meanwhile
// from time to time: the wait is as long as a synchronous standby is away.
func visible(ctx context.Context, conn *pgx.Conn, xids map[uint32]bool, meanwhile func() error) error {
	for len(xids) > 0 {
		running, err := runningTransactions(ctx, conn)
		if err != nil {
			return err
		}
		for xid := range xids {
			if !running.includes(xid) {
				delete(xids, xid)
			}
		}
		if len(xids) == 0 {
			break
		}
		if err := meanwhile(); err != nil {
			return err
		}
		select {
		case <-time.After(settlePause):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// clear sends the truncates that go before tables' snapshots.
func (s *session) clear(ctx context.Context) error {
	var cleared []string
	awaited := newAwaited()
	p := s.newPacker(ctx, awaited)
	for _, t := range s.tables {
		var c change.Change
		s.keeper.look(func(st *state) {
			if m := st.Tables[t.String()]; !m.Cleared {
				c = change.Change{Op: change.Truncate, Version: change.Version{LSN: uint64(m.Start) - 1, Sequence: 1},
					Relation: &change.Relation{Schema: t.Schema, Name: t.Name, Columns: m.Columns}, Committed: s.Clock()}
				cleared = append(cleared, t.String())
			}
		})
		for partition := range s.Partitions {
			if c.Relation == nil {
				break
			}
			if err := p.add(partition, &c); err != nil {
				return err
			}
		}
	}
	if err := awaited.all(ctx, p); err != nil || len(cleared) == 0 {
		return err
	}
	return s.keeper.change(ctx, func(st *state) {
		for _, name := range cleared {
			st.Tables[name].Cleared = true
		}
	})
}

func (s *session) planTable(ctx context.Context, t *table) error {
	planned := false
	s.keeper.look(func(st *state) { planned = st.Tables[t.String()].Planned })
	if planned {
		return nil
	}
	chunks, err := t.plan(ctx, s.conn, s.ChunkBytes)
	if err != nil {
		return s.db.explain(fmt.Errorf("plan the snapshot of %s: %w", t.TableName, err))
	}
	return s.keeper.change(ctx, func(st *state) {
		m := st.Tables[t.String()]
		m.Chunks, m.Planned = chunks, true
	})
}

// sendChunk sends a chunk's rows and marks it as done once the log has them.
func (s *session) sendChunk(ctx context.Context, conn *pgconn.PgConn, j job) error {
	t := j.table
	awaited := newAwaited()
	p := s.newPacker(ctx, awaited)
	r := s.newRows(t, p)
	if _, err := conn.CopyTo(ctx, &lines{each: r.line}, "COPY ("+t.selectSQL(r.names, j.chunk)+") TO STDOUT"); err != nil {
		if code(err) == "42703" {
			return fmt.Errorf("a column is gone that was there when the snapshot began: %w\n  begin it again: tiendi cdc --snapshot", err)
		}
		return s.db.explain(err)
	}
	if err := awaited.all(ctx, p); err != nil {
		return err
	}
	s.counts.changes.WithLabelValues(t.String(), opNames[change.Read]).Add(float64(r.count))
	s.rows.Add(r.count)
	return s.keeper.change(ctx, func(st *state) {
		m := st.Tables[t.String()]
		m.Chunks[j.place].Done = true
		m.Rows += r.count
	})
}
