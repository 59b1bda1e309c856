package local

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/tiendi/tiendi/internal/broker/embedded"
)

// brokerService runs the embedded broker in the supervisor's own process. Port and
// token outlive a failure, so that leases stay good.
type brokerService struct {
	dir string
	log *slog.Logger

	mu      sync.Mutex
	running bool
	started time.Time
	starts  int
	config  embedded.Config
}

func newBrokerService(spec launchSpec, log *slog.Logger) *brokerService {
	return &brokerService{dir: filepath.Join(spec.StateDir, "broker"), log: log.With("service", "broker")}
}

// Name implements service.
func (s *brokerService) Name() string { return "broker" }

// Run implements service.
func (s *brokerService) Run(ctx context.Context, ready func()) error {
	startCtx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	last := s.Config()
	server, err := embedded.Start(startCtx, embedded.ServerOptions{
		Dir: s.dir, Port: port(last.Addr), Token: last.Token, Log: s.log,
	})
	if err != nil {
		return err
	}
	s.begin(server.Config())
	defer s.end()
	ready()
	select {
	case <-server.Done():
		return errors.New("the embedded broker ended; its last words are in supervisor.log")
	case <-ctx.Done():
	}
	server.Stop()
	return nil
}

func (s *brokerService) begin(config embedded.Config) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running, s.started, s.config = true, time.Now(), config
	s.starts++
}

func (s *brokerService) end() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running = false
}

// Config is how to reach the broker, once Run has called ready.
func (s *brokerService) Config() embedded.Config {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.config
}

// Status implements service. The memory is the supervisor's, which is the broker's
// but for a little.
func (s *brokerService) Status(context.Context) (ServiceStatus, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := ServiceStatus{Name: s.Name(), Running: s.running, Started: s.started.UTC(), Restarts: max(s.starts-1, 0)}
	if s.running {
		st.PID, st.Address, st.Version = os.Getpid(), s.config.Addr, embedded.Version
		st.Memory, _ = residentBytes(st.PID)
	}
	return st, nil
}
