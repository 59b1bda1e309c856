package embedded

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"syscall"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// Options says how to run an engine.
type Options struct {
	// Dir holds everything of the engine: data, temporary files, configuration.
	Dir string
	// Library is the engine itself, from Find or Install.
	Library Library
	// Command starts this program as the engine (it calls Main).
	Command []string
	// Memory bounds the engine's memory in bytes; 0 for nine tenths of the host's.
	Memory uint64
	// TCPPort and HTTPPort are tried first; 0 or a port in use means any free one.
	TCPPort, HTTPPort int
	// Password of User; "" for a random one.
	Password string
	// Log gets what the engine prints.
	Log *Log
}

// Engine is a running engine.
type Engine struct {
	cmd      *exec.Cmd
	hold     *os.File // the engine ends when this is closed
	log      *Log
	dir      string
	password string
	ports    ports
	done     chan struct{}
	stopping sync.Once
}

// errPathBusy means that an engine that has just lost its parent still holds the
// data folder.
var errPathBusy = errors.New("another engine holds the data folder")

// Start runs an engine and returns once it answers with our password and has its
// database. It waits for an earlier engine to leave the folder, as long as ctx
// allows. The engine lives until Stop, or until this process dies.
func Start(ctx context.Context, o Options) (*Engine, error) {
	var busy error
	for {
		e, err := start(ctx, o)
		switch {
		case err == nil:
			return e, nil
		case errors.Is(err, errPathBusy):
			busy = err
		case ctx.Err() != nil && busy != nil:
			return nil, busy
		default:
			return nil, err
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return nil, busy
		}
	}
}

func start(ctx context.Context, o Options) (*Engine, error) {
	if o.Password == "" {
		o.Password = rand.Text()
	}
	e, err := launch(o)
	if err != nil {
		return nil, fmt.Errorf("start engine: %w", err)
	}
	if err := e.ready(ctx); err != nil {
		e.kill()
		return nil, err
	}
	return e, nil
}

// PID is the engine's process id.
func (e *Engine) PID() int { return e.cmd.Process.Pid }

// Done is closed when the engine has ended, whatever the reason.
func (e *Engine) Done() <-chan struct{} { return e.done }

// Config is how to reach the engine.
func (e *Engine) Config() warehouse.Config {
	return warehouse.Config{
		Addrs:    []string{net.JoinHostPort("127.0.0.1", strconv.Itoa(e.ports.TCP))},
		HTTPAddr: net.JoinHostPort("127.0.0.1", strconv.Itoa(e.ports.HTTP)),
		Database: Database, User: User, Password: e.password, Local: true,
	}
}

// Err says how an engine that ended by itself did so, with the end of its log.
func (e *Engine) Err() error {
	return fmt.Errorf("the engine ended (%s)%s", e.cmd.ProcessState, e.log.tailText())
}

// Stop ends the engine and returns when the process is gone. With its input closed
// an idle engine ends in 0.1 s, but waits 5 s for clients that are still connected;
// those are cut off by SIGTERM. Stored data are safe either way.
func (e *Engine) Stop(ctx context.Context) {
	e.stopping.Do(func() { _ = e.hold.Close() })
	for _, next := range []struct {
		wait   time.Duration
		signal syscall.Signal
	}{{500 * time.Millisecond, syscall.SIGTERM}, {10 * time.Second, syscall.SIGKILL}} {
		select {
		case <-e.done:
			return
		case <-ctx.Done():
			e.kill()
			return
		case <-time.After(next.wait):
			_ = e.cmd.Process.Signal(next.signal)
		}
	}
	<-e.done
}

func (e *Engine) kill() {
	e.stopping.Do(func() { _ = e.hold.Close() })
	_ = e.cmd.Process.Kill()
	<-e.done
}
