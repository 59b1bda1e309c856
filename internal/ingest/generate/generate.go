package generate

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"
)

// Run makes the generation that o describes in the folder o.Out and gives its
// ledger. The folder appears whole or not at all, however the process ends.
func Run(ctx context.Context, o Options) (*Ledger, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	o.settle()
	shop, err := openWorkshop(o.Out)
	if err != nil {
		return nil, err
	}
	defer shop.close()
	ledger, err := makeIn(ctx, shop.dir, &o)
	if err != nil {
		return nil, err
	}
	if err := shop.publish(); err != nil {
		return nil, err
	}
	return ledger, nil
}

// job is a slot on its way: a worker fills it, and the writer takes it when
// its turn has come.
type job struct {
	spec slotSpec
	done chan *slot
}

// makeIn fills slots on all workers and writes them in order. The slots in
// flight are bounded, so memory does not grow with the range.
func makeIn(ctx context.Context, dir string, o *Options) (*Ledger, error) {
	w := newWorld(newPlan(o))
	out, err := newWriter(w, dir, o.Compression)
	if err != nil {
		return nil, err
	}
	defer out.abandon()
	if err := out.firstUsers(ctx); err != nil {
		return nil, err
	}
	group, ctx := errgroup.WithContext(ctx)
	inFlight := 4 * o.Workers
	work, ordered := make(chan *job), make(chan *job, inFlight)
	free := make(chan *slot, inFlight+o.Workers+1)
	group.Go(func() error { return dispatch(ctx, w.plan, work, ordered) })
	for range o.Workers {
		group.Go(func() error { return fillSlots(ctx, w, work, free) })
	}
	group.Go(func() error { return writeSlots(ctx, out, o.Progress, ordered, free) })
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return out.finish()
}

func dispatch(ctx context.Context, p *plan, work, ordered chan<- *job) error {
	defer close(work)
	defer close(ordered)
	for spec := range p.slots {
		j := &job{spec, make(chan *slot, 1)}
		for _, to := range []chan<- *job{ordered, work} {
			select {
			case to <- j:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}
	return nil
}

func fillSlots(ctx context.Context, w *world, work <-chan *job, free <-chan *slot) error {
	for j := range work {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		var s *slot
		select {
		case s = <-free:
		default:
			s = &slot{w: w}
		}
		s.fill(j.spec)
		j.done <- s
	}
	return nil
}

func writeSlots(ctx context.Context, out *writer, progress Progress, ordered <-chan *job, free chan<- *slot) error {
	total := int((out.w.to - out.w.from + hour - 1) / hour)
	for j := range ordered {
		var s *slot
		select {
		case s = <-j.done:
		case <-ctx.Done():
			return ctx.Err()
		}
		if err := out.slot(s); err != nil {
			return err
		}
		if last := s.spec.last == int(out.w.sessions[s.spec.day][s.spec.hour]); last {
			progress(s.spec.day*24+s.spec.hour+1, total, out.w.date(s.spec.day).Format(time.DateOnly))
		}
		select {
		case free <- s:
		default:
		}
	}
	return nil
}
