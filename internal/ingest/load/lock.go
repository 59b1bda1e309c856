package load

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
)

const (
	codeSameQueryID = 216
	lockPoll        = 200 * time.Millisecond
	maxLockWait     = 30 * time.Minute
	maxReleaseWait  = 10 * time.Second
)

// hold is a running query whose id nobody else can run at the same time: a lock
// that the server frees by itself when its owner dies, however it dies, and that
// a stopped owner keeps. No clock is involved.
type hold struct {
	w      Warehouse
	id     string
	token  string // in the text of the query: tells this owner from the next
	cancel context.CancelFunc
	done   chan struct{}
}

// errHeld says that another loader has the lock.
var errHeld = errors.New("held by another load")

// acquire takes the lock id, or fails with errHeld. token is this owner's own.
// The context it returns ends when the lock is lost, since nothing may be
// changed under it then.
func acquire(ctx context.Context, w Warehouse, id, token string) (context.Context, *hold, error) {
	running, cancel := context.WithCancel(context.WithoutCancel(ctx))
	// It gives no rows, and waits a hundredth of a second for each of the numbers:
	// that long it goes on after it was told to end.
	rows, err := w.Query(running, "SELECT number FROM system.numbers WHERE sleepEachRow(0.01) = 1 /* "+token+" */",
		warehouse.WithQueryID(id), warehouse.WithSettings(map[string]any{
			"max_block_size": 1, "max_threads": 1, "max_execution_time": 0,
			"max_rows_to_read": 0, "max_bytes_to_read": 0,
		}))
	if err != nil {
		cancel()
		if warehouse.IsCode(err, codeSameQueryID) {
			return nil, nil, errHeld
		}
		return nil, nil, fmt.Errorf("lock %s: %w", id, err)
	}
	locked, lost := context.WithCancelCause(ctx)
	h := &hold{w: w, id: id, token: token, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(h.done)
		for rows.Next() {
		}
		lost(fmt.Errorf("the lock %s was lost: %w", id, errors.Join(rows.Err(), rows.Close())))
	}()
	return locked, h, nil
}

// release frees the lock; it is free when release returns. The query is ended
// by name and token, since by then its name may be the next owner's.
func (h *hold) release() {
	ctx, stop := context.WithTimeout(context.Background(), maxReleaseWait)
	defer stop()
	defer h.cancel()
	kill := "KILL QUERY WHERE query_id = " + warehouse.Literal(h.id) + " AND query LIKE " + warehouse.Literal("%/* "+h.token+" */%") + " ASYNC"
	if _, err := h.w.Exec(ctx, kill); err != nil {
		h.cancel()
	}
	select {
	case <-h.done:
	case <-ctx.Done():
	}
}

// lock waits for the lock id; waiting is called once if it is not free.
func lock(ctx context.Context, w Warehouse, id, token string, waiting func()) (context.Context, *hold, error) {
	deadline := time.NewTimer(maxLockWait)
	defer deadline.Stop()
	for told := false; ; told = true {
		locked, h, err := acquire(ctx, w, id, token)
		if !errors.Is(err, errHeld) {
			return locked, h, err
		}
		if !told {
			waiting()
		}
		select {
		case <-time.After(lockPoll):
		case <-deadline.C:
			return nil, nil, fmt.Errorf("another load has been writing for %s: %w", maxLockWait, err)
		case <-ctx.Done():
			return nil, nil, ctx.Err()
		}
	}
}
