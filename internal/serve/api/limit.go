package api

import (
	"context"
	"net/http"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

const (
	// maxTenants bounds how many are remembered; when there are more, those who asked for
	// nothing for a while are forgotten, whose allowances are whole again by then.
	maxTenants   = 10_000
	forgottenFor = 10 * time.Minute
)

// tenant is what one tenant has used of its limits.
type tenant struct {
	requests *rate.Limiter
	queries  *rate.Limiter
	running  chan struct{}
	streams  chan struct{}
	seen     time.Time
}

// tenants are those of a server, by auth.Principal.Tenant.
type tenants struct {
	limits Limits
	clock  func() time.Time

	mu  sync.Mutex
	all map[string]*tenant
}

func newTenants(l Limits, clock func() time.Time) *tenants {
	return &tenants{limits: l, clock: clock, all: map[string]*tenant{}}
}

// get gives the tenant of a name, who has these limits.
func (s *tenants) get(name string, l Limits) *tenant {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock()
	t := s.all[name]
	if t == nil {
		if len(s.all) >= maxTenants {
			s.forget(now)
		}
		t = &tenant{
			requests: rate.NewLimiter(rate.Limit(l.Rate), int(2*l.Rate)+1),
			queries:  rate.NewLimiter(rate.Limit(float64(l.Queries)/60), l.Queries),
			running:  make(chan struct{}, l.AtOnce),
			streams:  make(chan struct{}, l.Streams),
		}
		s.all[name] = t
	}
	t.seen = now
	return t
}

func (s *tenants) forget(now time.Time) {
	for name, t := range s.all {
		if now.Sub(t.seen) > forgottenFor && len(t.running)+len(t.streams) == 0 {
			delete(s.all, name)
		}
	}
}

// request counts one.
func (s *tenants) request(t *tenant) error {
	return allow(t.requests, s.clock(), "more requests than the limit of this tenant")
}

// count counts a question to the warehouse.
func (s *tenants) count(t *tenant) error {
	return allow(t.queries, s.clock(), "more questions than the quota of this tenant; answers that are known already are free")
}

// query counts a question to the warehouse, and waits for a place, which is taken until
// done is called. The context that it gives ends when the question has taken too long: a
// second after the engine itself should have given up.
func (s *tenants) query(ctx context.Context, t *tenant) (within context.Context, done func(), err error) {
	if err := s.count(t); err != nil {
		return nil, nil, err
	}
	waiting, cancel := context.WithTimeout(ctx, s.limits.Duration)
	defer cancel()
	select {
	case t.running <- struct{}{}:
	case <-waiting.Done():
		return nil, nil, later(http.StatusTooManyRequests, time.Second, "the questions of this tenant that are running take too long")
	}
	within, end := context.WithTimeout(ctx, s.limits.Duration+time.Second)
	return within, func() { end(); <-t.running }, nil
}

// stream takes a place until done is called.
func (s *tenants) stream(t *tenant) (done func(), err error) {
	select {
	case t.streams <- struct{}{}:
		return func() { <-t.streams }, nil
	default:
		return nil, later(http.StatusTooManyRequests, time.Minute, "as many live streams of this tenant as there may be are open")
	}
}

func allow(l *rate.Limiter, now time.Time, text string) error {
	r := l.ReserveN(now, 1)
	wait := r.DelayFrom(now)
	if !r.OK() || wait > 0 {
		r.CancelAt(now)
		return later(http.StatusTooManyRequests, max(wait, time.Second), text)
	}
	return nil
}
