package delivery

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"
)

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
			err = r.notes.add(ctx, m.told())
			if err != nil {
				r.end(fmt.Errorf("%w: %w", ErrNotNoted, err))
			}
			r.count(func(result *Result) { result.Sent++ })
			continue
		}
		failed := *m
		failed.Document = m.Document.Heading()
		r.count(func(result *Result) { result.Failed = append(result.Failed, Failed{&failed, err}) })
		var f *Failure
		if errors.As(err, &f) && f.Unreachable {
			r.end(err)
		}
	}
}

// change changes the result, which all workers write.
func (r *run) change(f func(*Result)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f(&r.result)
}

// count notes what became of a message.
func (r *run) count(f func(*Result)) {
	r.change(f)
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
