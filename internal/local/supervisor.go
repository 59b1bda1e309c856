package local

import (
	"context"
	"crypto/rand"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse/embedded"
)

// supervisor runs services for as long as anyone needs them.
type supervisor struct {
	spec    launchSpec
	log     *slog.Logger
	lock    *embedded.Lock
	engine  *engineService
	broker  *brokerService
	cache   *cacheService // nil on a machine without Redis
	all     []service
	token   string
	started time.Time
	stop    context.CancelFunc

	mu       sync.Mutex
	leases   map[int]LeaseStatus
	lastID   int
	pinned   bool
	stopping bool
	lastUse  time.Time
	ready    map[string]bool
	failure  error
	changed  chan struct{} // closed and replaced whenever ready or failure changes
}

func newSupervisor(spec launchSpec, lock *embedded.Lock, engine *engineService, log *slog.Logger) *supervisor {
	broker, cache := newBrokerService(spec, log), newCacheService(spec, log)
	all := []service{engine, broker}
	if cache != nil {
		all = append(all, cache)
	}
	return &supervisor{
		spec: spec, log: log, lock: lock, engine: engine, broker: broker, cache: cache, all: all,
		token: rand.Text(), started: time.Now(), lastUse: time.Now(),
		leases: map[int]LeaseStatus{}, ready: map[string]bool{}, changed: make(chan struct{}),
	}
}

// run blocks until the services are no longer needed. The lock is held.
func (s *supervisor) run(ctx context.Context, o Options) error {
	ctx, s.stop = context.WithCancel(ctx)
	defer s.stop()
	d, err := s.openDoor(o)
	if err != nil {
		return err
	}
	var services, calls sync.WaitGroup
	for _, svc := range s.all {
		services.Go(func() { s.keep(ctx, svc) })
	}
	calls.Go(func() { s.keepDoor(ctx, d, o, &calls) })
	s.waitIdle(ctx)
	services.Wait()
	calls.Wait()
	s.log.Info("stopped")
	return s.failed()
}

// restartLimit is how many failures in a row, each sooner than a minute after the
// start, end the supervisor.
const restartLimit = 3

// keep runs a service, again when it fails. A service that cannot start at all
// takes the supervisor down, so that the next command starts afresh.
func (s *supervisor) keep(ctx context.Context, svc service) {
	for failures := 0; ; {
		began, started := time.Now(), false
		err := svc.Run(ctx, func() { started = true; s.setReady(svc.Name(), true) })
		s.setReady(svc.Name(), false)
		if ctx.Err() != nil {
			return
		}
		s.log.Error("service failed", "service", svc.Name(), "err", err)
		if time.Since(began) > time.Minute {
			failures = 0
		}
		failures++
		if !started || failures >= restartLimit {
			s.fail(fmt.Errorf("%s: %w", svc.Name(), err))
			return
		}
	}
}

// waitIdle returns once nothing has used the services for the idle time.
func (s *supervisor) waitIdle(ctx context.Context) {
	tick := time.NewTicker(min(max(s.spec.Idle/10, 20*time.Millisecond), 5*time.Second))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if !s.unused() {
			continue
		}
		if s.status(ctx).busy() {
			s.touch()
			continue
		}
		if s.leaveIf(func() bool { return s.held() == 0 && time.Since(s.lastUse) >= s.spec.Idle }) {
			s.log.Info("idle", "for", s.spec.Idle)
			return
		}
	}
}

// status asks every service. A service that does not answer counts as idle: it
// must not keep the supervisor for ever.
func (s *supervisor) status(ctx context.Context) Status {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	st := s.snapshot()
	for _, svc := range s.all {
		one, err := svc.Status(ctx)
		if err != nil {
			s.log.Warn("no status", "service", svc.Name(), "err", err)
		}
		st.Services = append(st.Services, one)
	}
	return st
}
