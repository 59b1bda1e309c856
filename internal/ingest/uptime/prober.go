package uptime

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// Options say what is asked, and where the answers go.
type Options struct {
	Targets  []*url.URL
	Interval time.Duration // whole minutes
	Timeout  time.Duration // of an answer, shorter than Interval
	// Send takes events, a line of JSON each. again says that it may take them later.
	Send func(ctx context.Context, lines [][]byte) (again bool, err error)
	// Answered is told every answer.
	Answered func(Answer)
	// Away is told why events could not be sent now, and how many wait.
	Away func(waiting int, err error)

	Now func() time.Time
	// Sleep waits for so long, or until ctx is done.
	Sleep func(ctx context.Context, d time.Duration)
}

// Prober asks its targets. It is made by New and belongs to one goroutine.
type Prober struct {
	Options
	client  *http.Client
	waiting [][]byte // events that nobody has taken yet, the oldest first
	lost    int      // those that there was no room for
}

// New checks o.
func New(o Options) (*Prober, error) {
	for _, t := range o.Targets {
		if t.Scheme != "http" && t.Scheme != "https" || t.Host == "" {
			return nil, fmt.Errorf("%s is no URL that can be asked\n  give one like https://shop.example.com/healthz", t.Redacted())
		}
	}
	switch {
	case o.Interval < time.Minute || o.Interval > time.Hour || o.Interval%time.Minute != 0:
		return nil, fmt.Errorf("--interval %s: want whole minutes up to 1h", o.Interval)
	case o.Timeout <= 0 || o.Timeout >= o.Interval:
		return nil, fmt.Errorf("--timeout %s: want a time that is shorter than the interval, %s", o.Timeout, o.Interval)
	}
	return &Prober{Options: o, client: newClient(o.Timeout)}, nil
}

// Once asks every target once and sends what came of it, within patience.
func (p *Prober) Once(ctx context.Context, patience time.Duration) error {
	p.round(ctx)
	return p.last(ctx, patience)
}

// drain is how long a stopped prober goes on trying to send what it has.
const drain = 5 * time.Second

// Run asks every target at once and then every interval, until ctx is done; what was asked
// by then is waited for and sent. The error is that of events that nobody takes.
func (p *Prober) Run(ctx context.Context) error {
	for ctx.Err() == nil {
		p.round(ctx)
		next := due(p.Now(), p.Interval)
		if err := p.send(ctx, next); err != nil {
			return err
		}
		p.Sleep(ctx, next.Sub(p.Now()))
	}
	return p.last(context.WithoutCancel(ctx), drain)
}

// due is when targets are to be asked next: in the middle of a minute, so that no clock that
// is a little off puts two answers into one minute and none into the next.
func due(now time.Time, interval time.Duration) time.Time {
	next := now.Truncate(interval).Add(30 * time.Second)
	if !next.After(now) {
		next = next.Add(interval)
	}
	return next
}

// round asks all targets together. It ends within the time of one answer, also when ctx is
// done: a question that is given up would count as downtime.
func (p *Prober) round(ctx context.Context) {
	answers := make([]Answer, len(p.Targets))
	var asked sync.WaitGroup
	for i, target := range p.Targets {
		asked.Go(func() { answers[i] = p.ask(context.WithoutCancel(ctx), target) })
	}
	asked.Wait()
	for _, a := range answers {
		p.Answered(a)
		p.keep(a.line())
	}
}
