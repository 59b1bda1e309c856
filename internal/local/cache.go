package local

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// cacheService runs a Redis for the live figures, where this machine has one: the
// streams do without it, and their figures are in the warehouse all the same. It
// keeps nothing on disk, since the streams fill an empty one from the log. Port and
// password outlive a failure, so that leases stay good.
type cacheService struct {
	program, dir string
	log          *slog.Logger

	mu       sync.Mutex
	pid      int // 0 while it does not run
	started  time.Time
	starts   int
	port     int
	password string
}

// newCacheService gives nil on a machine without redis-server.
func newCacheService(spec launchSpec, log *slog.Logger) *cacheService {
	program, err := exec.LookPath("redis-server")
	if err != nil {
		return nil
	}
	return &cacheService{program: program, dir: filepath.Join(spec.StateDir, "cache"), log: log.With("service", "cache"), password: rand.Text()}
}

// Name implements service.
func (s *cacheService) Name() string { return "cache" }

// Run implements service.
func (s *cacheService) Run(ctx context.Context, ready func()) error {
	if err := os.MkdirAll(s.dir, 0o700); err != nil {
		return fmt.Errorf("cache: %w", err)
	}
	cmd, err := s.command()
	if err != nil {
		return err
	}
	ended := startTied(cmd)
	defer s.set(0)
	if err := s.await(ctx, ended); err != nil {
		if cmd.Process != nil {
			_ = cmd.Process.Kill()
		}
		return err
	}
	s.set(cmd.Process.Pid)
	ready()
	select {
	case err := <-ended:
		return fmt.Errorf("redis-server ended: %w", err)
	case <-ctx.Done():
	}
	_ = cmd.Process.Signal(syscall.SIGTERM)
	select {
	case <-ended:
	case <-time.After(stopTimeout):
		_ = cmd.Process.Kill()
	}
	return nil
}

// command passes the settings by standard input, where nobody else reads the
// password.
func (s *cacheService) command() (*exec.Cmd, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !free(s.port) {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("cache: %w", err)
		}
		s.port = l.Addr().(*net.TCPAddr).Port
		_ = l.Close() // it is Redis's now
	}
	cmd := exec.Command(s.program, "-")
	cmd.Dir = s.dir
	cmd.Stdin = strings.NewReader(strings.Join([]string{
		"bind 127.0.0.1", "port " + strconv.Itoa(s.port), "requirepass " + s.password,
		`save ""`, "appendonly no", "maxmemory-policy noeviction", "dir .", "",
	}, "\n"))
	return cmd, nil
}

// free says whether a port can be had.
func free(port int) bool {
	if port == 0 {
		return false
	}
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return false
	}
	return l.Close() == nil
}

// await returns once the server takes connections.
func (s *cacheService) await(ctx context.Context, ended <-chan error) error {
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	address := net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port))
	for {
		c, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			return c.Close()
		}
		select {
		case err := <-ended:
			return fmt.Errorf("redis-server did not start: %w", err)
		case <-ctx.Done():
			return errors.Join(errors.New("redis-server does not answer"), err)
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// startTied runs a command that ends with this process where the system can tie it:
// the kernel ties it to the thread, which therefore has to stay. The channel is told
// how it ended.
func startTied(cmd *exec.Cmd) (ended <-chan error) {
	done := make(chan error, 1)
	started := make(chan struct{})
	go func() {
		runtime.LockOSThread() // and never unlock: the thread must not end before
		tie(cmd)
		err := cmd.Start()
		close(started)
		if err == nil {
			err = cmd.Wait()
		}
		done <- err
	}()
	<-started
	return done
}

func (s *cacheService) set(pid int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pid = pid; pid != 0 {
		s.started = time.Now()
		s.starts++
	}
}

// URL is how to reach the server, once Run has called ready; "" for a nil service.
func (s *cacheService) URL() string {
	if s == nil {
		return ""
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	u := url.URL{Scheme: "redis", User: url.UserPassword("", s.password), Host: net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port)), Path: "/0"}
	return u.String()
}

// Status implements service.
func (s *cacheService) Status(context.Context) (ServiceStatus, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := ServiceStatus{Name: s.Name(), Running: s.pid != 0, PID: s.pid, Started: s.started.UTC(), Restarts: max(s.starts-1, 0)}
	if st.Running {
		st.Address = net.JoinHostPort("127.0.0.1", strconv.Itoa(s.port))
		st.Memory, _ = residentBytes(s.pid)
	}
	return st, nil
}
