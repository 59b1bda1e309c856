package local

import (
	"context"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/embedded"
)

// stopTimeout bounds the end of an engine; one with a running merge takes 5 s.
const stopTimeout = 30 * time.Second

// engineService runs the embedded engine. Ports and password outlive a crash of
// the engine, so that leases stay good.
type engineService struct {
	options embedded.Options

	mu       sync.Mutex
	engine   *embedded.Engine
	client   *warehouse.Client
	started  time.Time
	starts   int
	lastSeen warehouse.Config
}

func newEngineService(spec launchSpec, log *embedded.Log) (*engineService, error) {
	self, err := embedded.SelfCommand(EngineCommand)
	if err != nil {
		return nil, err
	}
	return &engineService{options: embedded.Options{
		Dir: filepath.Join(spec.StateDir, "engine"), Library: spec.Library,
		Command: self, Memory: spec.Memory, Log: log,
	}}, nil
}

// Name implements service.
func (s *engineService) Name() string { return "engine" }

// Run implements service.
func (s *engineService) Run(ctx context.Context, ready func()) error {
	startCtx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	// The state folder is locked by us, so an engine in there has lost its supervisor.
	embedded.EndOrphan(s.options.Dir)
	e, err := embedded.Start(startCtx, s.options)
	if err != nil {
		return err
	}
	if err := s.running(ctx, e); err != nil {
		e.Stop(ctx)
		return err
	}
	ready()
	select {
	case <-e.Done():
		s.stopped()
		return e.Err()
	case <-ctx.Done():
	}
	s.stopped()
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTimeout)
	defer cancel()
	e.Stop(stop)
	return nil
}

func (s *engineService) running(ctx context.Context, e *embedded.Engine) error {
	cfg := e.Config()
	c, err := warehouse.Open(ctx, cfg)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.engine, s.client, s.started, s.lastSeen = e, c, time.Now(), cfg
	s.starts++
	s.options.Password = cfg.Password
	s.options.TCPPort, s.options.HTTPPort = port(cfg.Addrs[0]), port(cfg.HTTPAddr)
	return nil
}

func port(addr string) int {
	_, p, _ := net.SplitHostPort(addr)
	n, _ := strconv.Atoi(p)
	return n
}

func (s *engineService) stopped() {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.client.Close()
	s.engine, s.client = nil, nil
}

// Config is how to reach the engine, once Run has called ready.
func (s *engineService) Config() warehouse.Config {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.lastSeen
}

// A mutation that fails is tried for ever, so it is nothing to stay for.
const activity = `SELECT
	(SELECT count() FROM system.processes WHERE user = currentUser() AND query_id != queryID()),
	(SELECT count() FROM system.mutations WHERE NOT is_done AND latest_fail_reason = ''),
	(SELECT toUInt64(max(value)) FROM system.metrics WHERE metric = 'MemoryTracking'),
	version()`

// Status implements service.
func (s *engineService) Status(ctx context.Context) (ServiceStatus, error) {
	s.mu.Lock()
	e, c := s.engine, s.client
	st := ServiceStatus{Name: s.Name(), Running: e != nil, Started: s.started.UTC(), Restarts: max(s.starts-1, 0)}
	s.mu.Unlock()
	if e == nil {
		return st, nil
	}
	cfg := e.Config()
	st.PID, st.Address, st.HTTPAddress = e.PID(), cfg.Addrs[0], cfg.HTTPAddr
	rows, err := c.Query(ctx, activity)
	if err != nil {
		return st, fmt.Errorf("ask the engine: %w", err)
	}
	var queries, mutations uint64
	for rows.Next() {
		if err := rows.Scan(&queries, &mutations, &st.Memory, &st.Version); err != nil {
			return st, errors.Join(err, rows.Close())
		}
	}
	st.Queries, st.Mutations = int(queries), int(mutations)
	if rss, ok := residentBytes(st.PID); ok {
		st.Memory = rss
	}
	return st, rows.Close()
}
