package bench

import (
	"context"
	"testing"

	"github.com/tiendi/tiendi/internal/local"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// localOptions are those of the program itself; a supervisor makes room for
// commands of another version.
func (p program) localOptions() local.Options {
	return local.Options{StateDir: p.state, Version: version, Command: []string{built, local.SupervisorCommand}}
}

// engine starts the local engine that p's commands will use, and keeps it for
// the rest of the test.
func (p program) engine(t testing.TB) warehouse.Config {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	lease, err := local.Acquire(ctx, p.localOptions())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		lease.Release()
		p.down(t)
	})
	return lease.Warehouse()
}

// down ends the local services, whatever they are at.
func (p program) down(t testing.TB) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if err := local.Down(ctx, p.localOptions(), true); err != nil {
		t.Error(err)
	}
}
