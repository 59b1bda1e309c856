package cdc

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pglogrepl"
)

// Source mirrors the tables of a database into the log.
type Source struct {
	Options
	names    []TableName
	db       *database
	out      *output
	keeper   *keeper
	counts   *counts
	anewDone bool

	rows, changed atomic.Int64 // read in this process

	mu      sync.Mutex
	problem error                // why it is not ready
	warned  map[string]time.Time // when each kind of trouble was told last
	place   place
	taking  bool // a snapshot
}

// place is how far the mirroring is.
type place struct {
	confirmed, walEnd pglogrepl.LSN
	caught            time.Time
}

var errStarting = errors.New("not connected to the source database yet")

// New checks the options. Nothing is connected yet.
func New(o Options) (*Source, error) {
	names, err := o.settle()
	if err != nil {
		return nil, err
	}
	db, err := openDatabase(o.URL)
	if err != nil {
		return nil, err
	}
	s := &Source{Options: o, names: names, db: db, out: newOutput(&o), counts: newCounts(), problem: errStarting, warned: map[string]time.Time{}}
	s.keeper = &keeper{store: o.State, slot: o.Slot, now: o.Clock}
	return s, nil
}

// Run mirrors until the context ends, then sends what has come and returns nil. A
// database or log that is away is waited for; any other error ends it.
func (s *Source) Run(ctx context.Context) error {
	err := s.sending(ctx, func(ctx context.Context) error { return s.untilStopped(ctx) })
	if ctx.Err() != nil && errors.Is(err, context.Cause(ctx)) {
		return nil
	}
	return err
}

// Once takes the snapshot, as far as it is not taken, and mirrors what is committed when
// it begins. A database that is away is an error.
func (s *Source) Once(ctx context.Context) error {
	return s.sending(ctx, func(ctx context.Context) error {
		deadline := s.Clock().Add(busyWait)
		for {
			err := s.work(ctx, true)
			// Who was killed holds the slot until PostgreSQL notices.
			if !errors.Is(err, errBusy) || s.Clock().After(deadline) || !s.rest(ctx, firstPause) {
				return err
			}
		}
	})
}

// busyWait is how long a run with an end waits for another process.
const busyWait = 10 * time.Second

// sending calls f while batches are sent. An error of the sending ends f's context.
func (s *Source) sending(ctx context.Context, f func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s.out.fail = cancel
	s.out.slow = func(partition int, err error) {
		s.counts.retries.Inc()
		s.warn("log", fmt.Errorf("the log does not take changes, and is tried again: %w", err))
	}
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	wait := s.out.start(background)
	defer wait()
	defer stop()
	return f(ctx)
}

// untilStopped works, and begins again when the database was away.
func (s *Source) untilStopped(ctx context.Context) error {
	for pause := firstPause; ; pause = min(2*pause, lastPause) {
		began := s.Clock()
		err := s.work(ctx, false)
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if !passes(err) {
			return err
		}
		s.ready(err)
		s.warn("source", fmt.Errorf("waiting: %w", err))
		s.counts.reconnects.Inc()
		if s.Clock().Sub(began) > lastPause {
			pause = firstPause
		}
		if !s.rest(ctx, pause) {
			return context.Cause(ctx)
		}
	}
}

// rest waits, and says whether the work goes on.
func (s *Source) rest(ctx context.Context, d time.Duration) bool {
	select {
	case <-time.After(d):
		return true
	case <-ctx.Done():
		return false
	}
}

// work is one session.
func (s *Source) work(ctx context.Context, once bool) error {
	// Batches of a session before are first, so that their order is kept.
	if err := s.out.idle(ctx); err != nil {
		return context.Cause(ctx)
	}
	n, err := s.begin(ctx)
	if err != nil {
		return err
	}
	defer closeConn(n.conn)
	var end pglogrepl.LSN
	if once {
		if end, err = n.mark(ctx); err != nil {
			return err
		}
	}
	taken := false
	s.keeper.look(func(st *state) { taken = st.snapshotted() })
	if !taken {
		if err := n.takeSnapshot(ctx); err != nil {
			return err
		}
	}
	return n.replicate(ctx, end)
}

func (s *session) takeSnapshot(ctx context.Context) error {
	s.Say("taking the snapshot")
	s.snapshotting(true)
	defer s.snapshotting(false)
	s.ready(nil)
	err := s.snapshot(ctx)
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err == nil {
		s.Say("the snapshot is taken")
	}
	return err
}
