package cdc

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pglogrepl"

	"github.com/tiendi/tiendi/internal/checkpoint"
)

// safe is up to where the log has everything.
func (r *replication) safe() pglogrepl.LSN {
	safe := r.track.safe()
	if len(r.queue.changes) > 0 {
		safe = min(safe, r.queue.changes[0].before)
	}
	return safe
}

// tick saves how far the log has confirmed, and tells PostgreSQL, when it is time.
func (r *replication) tick(ctx context.Context) error {
	every := statusEvery
	if r.end > 0 {
		every = askEvery
	}
	if r.Clock().Sub(r.reported) < every {
		return nil
	}
	if err := r.save(ctx); err != nil {
		return err
	}
	return r.report(r.end > 0)
}

// save keeps the position, before PostgreSQL is told of it. A store that is away only
// holds it up.
func (r *replication) save(ctx context.Context) error {
	now, safe := r.Clock(), r.safe()
	caught := r.latest
	if safe >= r.track.at() && !r.decoder.begun {
		caught = now
	}
	r.progress(safe, r.walEnd, caught)
	if r.told >= safe && now.Sub(r.saved) < saveEvery {
		return nil
	}
	err := r.keeper.change(ctx, func(st *state) {
		st.Confirmed = max(st.Confirmed, safe)
		if caught.After(st.Caught) {
			st.Caught = caught.UTC()
		}
		for len(r.altered) > 0 && r.altered[0].at < safe {
			if m := st.Tables[r.altered[0].name.String()]; m != nil {
				m.Columns = r.altered[0].columns
			}
			r.altered = r.altered[1:]
		}
	})
	switch {
	case err == nil:
		r.saved, r.told = now, safe
	case errors.Is(err, checkpoint.ErrFenced):
		return err
	case ctx.Err() == nil:
		r.Log.Warn("the position is not saved, and PostgreSQL keeps its log until it is", "err", err)
	}
	return nil
}

// report tells PostgreSQL what is saved; ask wants an answer at once.
func (r *replication) report(ask bool) error {
	r.reported = r.Clock()
	return pglogrepl.SendStandbyStatusUpdate(context.Background(), r.wire, pglogrepl.StandbyStatusUpdate{
		WALWritePosition: r.told, WALFlushPosition: r.told, WALApplyPosition: r.told,
		ClientTime: r.reported, ReplyRequested: ask,
	})
}

// drain sends what has come, waits for the log, and tells PostgreSQL for the last time.
func (r *replication) drain(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainTimeout)
	defer cancel()
	go func() {
		select {
		case <-r.Gone:
			cancel()
		case <-ctx.Done():
		}
	}()
	r.packer.room = func(n int64) error { return r.out.room.Acquire(ctx, n) }
	if err := r.flush(ctx); err != nil {
		return nil // it is read again
	}
	if err := r.out.idle(ctx); err != nil {
		r.Log.Warn("not everything is confirmed by the log: it is read again", "err", err)
	}
	r.reported = time.Time{}
	return r.tick(ctx)
}
