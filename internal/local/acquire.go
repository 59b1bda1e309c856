package local

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	broker "github.com/tiendi/tiendi/internal/broker/embedded"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/embedded"
)

// Lease keeps the local services running. The kernel gives it back if this
// process dies.
type Lease struct {
	call      *call
	warehouse warehouse.Config
	broker    broker.Config
	redis     string
}

// Warehouse says how to reach the engine. It holds for the whole lease: an engine
// that is started again keeps its ports and password.
func (l *Lease) Warehouse() warehouse.Config { return l.warehouse }

// Broker says how to reach the embedded broker, for as long as Warehouse holds.
func (l *Lease) Broker() broker.Config { return l.broker }

// Redis is the URL of a Redis for live figures, "" where this machine has none. It
// begins empty with the supervisor.
func (l *Lease) Redis() string { return l.redis }

// Lost is closed when the supervisor is gone, and with it engine and broker.
func (l *Lease) Lost() <-chan struct{} { return l.call.lost }

// Release gives the lease back. The services stay for the idle time.
func (l *Lease) Release() { l.call.close() }

// Acquire gets a lease on the local services and starts them if they do not run,
// which includes fetching the engine once.
func Acquire(ctx context.Context, o Options) (*Lease, error) {
	c, e, err := demand(ctx, o, opLease)
	if err != nil {
		return nil, err
	}
	l := &Lease{call: c, warehouse: *e.Warehouse, broker: *e.Broker, redis: e.Redis}
	go c.watch()
	return l, nil
}

// Up starts the local services and keeps them until Down.
func Up(ctx context.Context, o Options) (warehouse.Config, error) {
	c, e, err := demand(ctx, o, opPin)
	if err != nil {
		return warehouse.Config{}, err
	}
	c.close()
	return *e.Warehouse, nil
}

// demand asks the supervisor for its services, and starts one as often as the one
// that was there is just leaving.
func demand(ctx context.Context, o Options, op string) (*call, event, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, event{}, err
	}
	deadline := time.Now().Add(startTimeout)
	for {
		c, e, err := attempt(ctx, o, op)
		switch {
		case err == nil:
			return c, e, nil
		case ctx.Err() != nil:
			return nil, event{}, ctx.Err()
		case !errors.Is(err, errNobody) && !errors.Is(err, errNoAnswer):
			return nil, event{}, err
		case time.Now().After(deadline):
			return nil, event{}, fmt.Errorf("local services did not start within %s: %w; see %s", startTimeout, err, o.logFile())
		case errors.Is(err, errNoAnswer):
			time.Sleep(answerPause)
			continue
		}
		lib, err := findOrInstall(ctx, o)
		if err != nil {
			return nil, event{}, err
		}
		if err := startSupervisor(ctx, o, lib); err != nil {
			return nil, event{}, err
		}
	}
}

// errNoAnswer means that the engine has died and its supervisor is about to see it.
var errNoAnswer = errors.New("the engine does not answer")

const answerPause = 20 * time.Millisecond

// attempt gets the services and checks that the engine takes our password, which
// no other program on its port would.
func attempt(ctx context.Context, o Options, op string) (*call, event, error) {
	c, e, err := ask(ctx, o, request{Op: op, Engine: fingerprint(o)})
	if err != nil {
		return nil, event{}, err
	}
	w, err := warehouse.Open(ctx, *e.Warehouse)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		c.close()
		return nil, event{}, fmt.Errorf("%w: %w", errNoAnswer, err)
	}
	return c, e, nil
}

// findOrInstall is where a first command fetches the engine.
func findOrInstall(ctx context.Context, o Options) (embedded.Library, error) {
	lib, err := embedded.Find(ctx, os.Getenv, o.CacheDir)
	if !errors.Is(err, embedded.ErrNotInstalled) {
		return lib, err
	}
	return embedded.Install(ctx, o.CacheDir, o.Progress)
}

// Install fetches the engine if it is missing and returns where it is. It is the
// user's, so no state folder is needed. progress is told how far it is.
func Install(ctx context.Context, progress func(string)) (string, error) {
	dir, err := embedded.DefaultCacheDir()
	if err != nil {
		return "", err
	}
	lib, err := findOrInstall(ctx, Options{CacheDir: dir, Progress: progress})
	return lib.Path, err
}

// fingerprint tells engines and their settings apart, by what a command knows
// without looking for an engine.
func fingerprint(o Options) string {
	return strings.Join([]string{embedded.Version, os.Getenv(embedded.LibraryEnv), o.MemoryLimit, o.Idle.String()}, "|")
}

// commandLine names this process for people who look at the status.
func commandLine() string {
	args := append([]string{filepath.Base(os.Args[0])}, os.Args[1:]...)
	line := strings.Join(args, " ")
	if len(line) > 200 {
		line = strings.ToValidUTF8(line[:200], "") + "…"
	}
	return line
}
