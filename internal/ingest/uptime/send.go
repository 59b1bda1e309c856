package uptime

import (
	"context"
	"fmt"
	"time"
)

const (
	// maxWaiting bounds the events that are kept while nobody takes them: a week of one
	// target's minutes.
	maxWaiting = 10_000
	// maxAtOnce is how many are sent together.
	maxAtOnce = 500

	firstPause, longestPause = time.Second, time.Minute
)

// keep lets the oldest events go when there are too many.
func (p *Prober) keep(line []byte) {
	if len(p.waiting) == maxWaiting {
		p.waiting = p.waiting[1:]
		p.lost++
	}
	p.waiting = append(p.waiting, line)
}

// send sends what waits, and tries again until a moment. The error is one that trying
// again does not mend.
func (p *Prober) send(ctx context.Context, until time.Time) error {
	ctx, cancel := context.WithTimeout(ctx, until.Sub(p.Now()))
	defer cancel()
	for pause := firstPause; len(p.waiting) > 0 && ctx.Err() == nil && p.Now().Before(until); {
		n := min(len(p.waiting), maxAtOnce)
		again, err := p.Send(ctx, p.waiting[:n])
		switch {
		case err == nil:
			p.waiting = p.waiting[n:]
			continue
		case !again:
			return err
		}
		p.Away(len(p.waiting), err)
		p.Sleep(ctx, min(pause, until.Sub(p.Now())))
		pause = min(2*pause, longestPause)
	}
	return nil
}

// last is send for whoever ends after it.
func (p *Prober) last(ctx context.Context, patience time.Duration) error {
	if err := p.send(ctx, p.Now().Add(patience)); err != nil {
		return err
	}
	if n := len(p.waiting) + p.lost; n > 0 {
		return fmt.Errorf("%d answers could not be sent: uptime will take them for downtime", n)
	}
	return nil
}
