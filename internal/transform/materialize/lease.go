package materialize

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
)

const (
	// leaseRenewed is how often a run says that it lives, leaseExpires after
	// how long others take its tables from it. Both by the server's clock.
	leaseRenewed = 10 * time.Second
	leaseExpires = 60 * time.Second
)

// ErrLeaseLost ends a run that was not heard of for so long that another run
// has taken its place. Nothing it does afterwards can change a table.
var ErrLeaseLost = errors.New("another run took over, since this one was not heard of for a minute")

// Lease shows in the warehouse that a run is alive. It is a small table in
// each database that the run builds in, whose comment is renewed; whatever
// temporary the run makes bears its id. A run whose lease is old or missing is
// dead, and so is one whose lock file on this host is no longer locked, which
// the kernel sees to even after kill -9.
type Lease struct {
	w       Warehouse
	names   *Names
	dialect dialect
	schemas []string
	file    *os.File
	log     *slog.Logger
	cancel  context.CancelCauseFunc
	stop    chan struct{}
	done    sync.WaitGroup
}

// leaseNote is the comment of a lease.
type leaseNote struct {
	Host  string `json:"host"`
	PID   int    `json:"pid"`
	File  string `json:"file,omitempty"` // locked as long as the process lives
	Count int    `json:"count"`          // of renewals, so that each is a change
}

// LeaseOptions is what a lease needs.
type LeaseOptions struct {
	Warehouse Warehouse
	Names     *Names
	Cluster   string
	Schemas   []string // the databases that the run builds in; they exist
	Dir       string   // for the lock file; "" for none
	Logger    *slog.Logger
}

// Take makes the lease and renews it until Release. The context it returns is
// cancelled with ErrLeaseLost if another run takes over.
func Take(ctx context.Context, o LeaseOptions) (context.Context, *Lease, error) {
	l := &Lease{
		w: o.Warehouse, names: o.Names, dialect: dialect{cluster: o.Cluster},
		schemas: o.Schemas, log: o.Logger, stop: make(chan struct{}),
	}
	if err := l.lock(o.Dir); err != nil {
		return nil, nil, err
	}
	for i, schema := range l.schemas {
		sql := fmt.Sprintf("CREATE TABLE %s%s (alive UInt8) ENGINE = Memory COMMENT %s",
			Quote(l.names.Lease(schema)), l.dialect.on(), warehouse.Literal(l.note(0)))
		if _, err := l.w.Exec(ctx, sql); err != nil {
			l.schemas = l.schemas[:i]
			l.remove(ctx)
			return nil, nil, fmt.Errorf("take the run's lease in database %s: %w", schema, err)
		}
	}
	ctx, l.cancel = context.WithCancelCause(ctx)
	l.done.Go(func() { l.renew(ctx) })
	return ctx, l, nil
}

func (l *Lease) note(count int) string {
	n := leaseNote{PID: os.Getpid(), Host: hostname(), Count: count}
	if l.file != nil {
		n.File = l.file.Name()
	}
	// Strings and numbers always encode.
	text, _ := json.Marshal(n)
	return string(text)
}

func (l *Lease) renew(ctx context.Context) {
	tick := time.NewTicker(leaseRenewed)
	defer tick.Stop()
	for count := 1; ; count++ {
		select {
		case <-l.stop:
			return
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		for _, schema := range l.schemas {
			l.renewOne(ctx, l.names.Lease(schema), count)
		}
	}
}

func (l *Lease) renewOne(ctx context.Context, name project.Relation, count int) {
	_, err := l.w.Exec(ctx, l.dialect.alter(name, "MODIFY COMMENT "+warehouse.Literal(l.note(count))))
	switch {
	case warehouse.IsCode(err, warehouse.CodeUnknownTable):
		l.cancel(ErrLeaseLost)
	case err != nil && ctx.Err() == nil:
		l.log.Warn("renewing the run's lease failed", "error", err)
	}
}

// Release ends the lease. All temporary relations must be gone by then.
func (l *Lease) Release(ctx context.Context) {
	close(l.stop)
	l.done.Wait()
	l.remove(ctx)
	l.cancel(nil)
}

func (l *Lease) remove(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTimeout)
	defer cancel()
	gone := true
	for _, schema := range l.schemas {
		if _, err := l.w.Exec(ctx, l.dialect.drop(l.names.Lease(schema))); err != nil {
			l.log.Warn("removing the run's lease failed; the next run will", "error", err)
			gone = false
		}
	}
	if l.file == nil {
		return
	}
	if gone { // else the file, no longer locked, tells others that the run is dead
		_ = os.Remove(l.file.Name())
	}
	_ = l.file.Close()
}

func (l *Lease) lock(dir string) error {
	if dir == "" {
		return nil
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		return fmt.Errorf("lock the run's file: %w", err)
	}
	path := filepath.Join(dir, lockPrefix+l.names.Run()+lockSuffix)
	l.file, err = lockFile(path)
	return err
}

func hostname() string {
	name, err := os.Hostname()
	if err != nil {
		return ""
	}
	return name
}

// dead judges a lease. age is the time since it was renewed.
func dead(comment string, age time.Duration) bool {
	if age > leaseExpires {
		return true
	}
	var n leaseNote
	if json.Unmarshal([]byte(comment), &n) != nil || n.File == "" || n.Host != hostname() {
		return false
	}
	return abandoned(n.File)
}
