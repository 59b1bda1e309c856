package delivery

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
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

// Failed is a message that was not taken.
type Failed struct {
	*Message
	Err error
}

// Result is what became of the messages.
type Result struct {
	Sent   int // in this run
	Before int // in an earlier one
	Failed []Failed
	// Untried were not begun, since nothing was taken any more.
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

// Run sends what was not sent before. One reader's failure is in the result; the error is
// of what ends all of it.
func Run(ctx context.Context, messages []Message, o Options) (Result, error) {
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
	begun := 0
	for i := range messages {
		if sent[messages[i].ID] {
			r.result.Before++
			continue
		}
		select {
		case queue <- &messages[i]:
			begun++
			continue
		case <-working.Done():
		}
		break
	}
	close(queue)
	workers.Wait()
	r.result.Untried = len(messages) - r.result.Before - begun
	return r.result, errors.Join(r.fatal, ctx.Err())
}

// work sends with senders of its own until there is nothing left.
func (r *run) work(ctx context.Context, queue <-chan *Message) {
	senders := map[Channel]Sender{}
	defer func() {
		for _, s := range senders {
			s.Close()
		}
	}()
	for m := range queue {
		if senders[m.Channel] == nil {
			senders[m.Channel] = r.Connect[m.Channel]()
		}
		err := r.try(ctx, senders[m.Channel], m)
		if err == nil {
			err = r.notes.add(ctx, m.ID)
			if err != nil {
				r.end(fmt.Errorf("%w: %w", ErrNotNoted, err))
			}
			r.count(func(result *Result) { result.Sent++ })
			continue
		}
		r.count(func(result *Result) { result.Failed = append(result.Failed, Failed{m, err}) })
		var f *Failure
		if errors.As(err, &f) && f.Unreachable {
			r.end(err)
		}
	}
}

func (r *run) count(change func(*Result)) {
	r.mu.Lock()
	change(&r.result)
	r.mu.Unlock()
	if n := r.done.Add(1); r.Progress != nil {
		r.Progress(int(n))
	}
}

// end lets what is under way end, and begins nothing more.
func (r *run) end(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.fatal == nil {
		r.fatal = err
	}
	r.stop()
}

// try sends a message, again while that may help.
func (r *run) try(ctx context.Context, s Sender, m *Message) error {
	pause := r.Pause
	for attempt := 1; ; attempt++ {
		err := s.Send(ctx, m)
		var f *Failure
		if err == nil || attempt == r.Attempts || !errors.As(err, &f) || !f.Temporary {
			return err
		}
		wait := max(f.After, pause/2+rand.N(pause)) // spread, so that not all come back at once
		select {
		case <-ctx.Done():
			return err
		case <-time.After(wait):
		}
		pause *= 2
	}
}
