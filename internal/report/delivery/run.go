package delivery

import (
	"context"
	"errors"
	"iter"
	"sync"
	"sync/atomic"
	"time"
)

// Sender hands messages in, one after the other.
type Sender interface {
	Send(ctx context.Context, m *Message) error
	Close()
}

// Ledger knows what was sent, in this run and before.
type Ledger interface {
	// Sent gives the ids of what was sent.
	Sent(ctx context.Context) (map[string]bool, error)
	// Note notes ids, all or none, so that they stay whatever dies.
	Note(ctx context.Context, ids []string) error
}

// Options is how messages are sent.
type Options struct {
	Connect  map[Channel]func() Sender
	Ledger   Ledger
	Workers  int           // messages under way at once; 0 for 8
	Attempts int           // at each, while failures are temporary; 0 for 5
	Pause    time.Duration // before the second attempt, doubled before each after it; 0 for a second
	Progress func(done int)
}

// Failed is a message that was not taken; its document has no contents any more.
type Failed struct {
	*Message
	Err error
}

// Result is what became of the messages.
type Result struct {
	Sent   int // in this run
	Before int // in an earlier one
	Left   int // not to be sent
	Failed []Failed
	// Untried were planned and not begun, since nothing was taken any more; what was not
	// planned by then is not counted.
	Untried int
}

// OnlyRefused says whether all that could be sent was, and what failed was refused for
// good: another run changes nothing, but somebody who sees to the addresses does.
func (r *Result) OnlyRefused() bool {
	for _, failed := range r.Failed {
		var f *Failure
		if !errors.As(failed.Err, &f) || f.Temporary || f.Unreachable {
			return false
		}
	}
	return len(r.Failed) > 0 && r.Untried == 0
}

// ErrNotNoted says that messages were taken, and could not be noted: the next run
// sends them again.
var ErrNotNoted = errors.New("sent, and not noted")

// run is messages on their way.
type run struct {
	Options
	mu     sync.Mutex
	result Result
	fatal  error
	stop   context.CancelFunc
	done   atomic.Int64
	notes  *notes
}

// Run sends what was not sent before, plan after plan: one is asked for when all of that
// before it is under way, so that no more than two are held. One reader's failure is in the
// result; the error is of what ends all of it, of a plan that cannot be made too.
func Run(ctx context.Context, plans iter.Seq2[Plan, error], o Options) (Result, error) {
	if o.Workers == 0 {
		o.Workers = 8
	}
	if o.Attempts == 0 {
		o.Attempts = 5
	}
	if o.Pause == 0 {
		o.Pause = time.Second
	}
	sent, err := o.Ledger.Sent(ctx)
	if err != nil {
		return Result{}, err
	}
	working, stop := context.WithCancel(ctx)
	defer stop()
	r := &run{Options: o, stop: stop, notes: &notes{ledger: o.Ledger}}
	queue := make(chan *Message)
	var workers sync.WaitGroup
	for range o.Workers {
		workers.Go(func() { r.work(working, queue) })
	}
	err = r.feed(working, plans, sent, queue)
	close(queue)
	workers.Wait()
	return r.result, errors.Join(r.fatal, err, ctx.Err())
}

// feed hands out what was not sent before, until nothing is taken any more.
func (r *run) feed(ctx context.Context, plans iter.Seq2[Plan, error], sent map[string]bool, queue chan<- *Message) error {
	for plan, err := range plans {
		if err != nil {
			return err
		}
		r.change(func(result *Result) { result.Left += len(plan.Left) })
		for i := range plan.Messages {
			due := plan.Messages[i].Due(sent)
			if due == nil {
				r.change(func(result *Result) { result.Before++ })
				continue
			}
			select {
			case queue <- due:
			case <-ctx.Done():
				r.change(func(result *Result) { result.Untried += len(plan.Messages) - i })
				return nil
			}
		}
	}
	return nil
}
