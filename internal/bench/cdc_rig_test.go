package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/broker/rabbitmq/rabbitmqtest"
	"github.com/tiendi/tiendi/internal/ingest/generate/oltp"
	"github.com/tiendi/tiendi/internal/local"
	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
	"github.com/tiendi/tiendi/internal/warehouse"
)

const mirrorWorkers = 2

// mirror is a shop whose PostgreSQL is mirrored, by processes that are kept running: over
// servers, as in production, or over what tiendi runs itself.
type mirror struct {
	*rig
	source string // URL of the shop's database, which is not the state's
	cdc    *service
	killed time.Time // when the engine was, last
	young  bool      // it was killed sooner than a minute after the time before
}

// newMirror makes the marketplace's tables and fills them.
func newMirror(t *testing.T, embedded bool) *mirror {
	t.Helper()
	m := &mirror{rig: &rig{postgres: postgrestest.New(t), busy: map[string]*sync.Mutex{}}}
	m.source = m.makeSource(t)
	m.env = append(os.Environ(), "TIENDI_BROKER_PARTITIONS=4", "TIENDI_CDC_URL="+m.source)
	if embedded {
		m.shop = newShop(t, nil)
		t.Cleanup(func() { m.shop.down(t) })
		m.engine = m.shop.program
	} else {
		m.rabbitmq, m.engine = rabbitmqtest.RunToKill(t), newProgram(t)
		server := m.engine.engine(t)
		m.shop = newShop(t, &server)
		m.env = append(m.env, "TIENDI_BROKER_URL="+m.rabbitmq.Config().URL, "TIENDI_POSTGRES_URL="+m.postgres.URL(m.postgres.Addr()))
	}
	m.cdc = m.keep(t, "cdc", embedded, "cdc", "--log-format", "json")
	for n := range mirrorWorkers {
		m.workers = append(m.workers, m.keep(t, fmt.Sprint("worker", n), embedded, "stream", "sink", "--log-format", "json"))
	}
	for _, name := range []string{"rabbitmq", "postgres", "engine"} {
		m.busy[name] = &sync.Mutex{}
	}
	m.once(t, "cdc", "init")
	m.fill(t)
	m.declare(t)
	return m
}

// makeSource makes a database for the shop.
func (m *mirror) makeSource(t *testing.T) string {
	t.Helper()
	url := m.postgres.URL(m.postgres.Addr())
	inDatabase(t, url, "CREATE DATABASE source")
	return strings.TrimSuffix(url, "/postgres") + "/source"
}

func inDatabase(t testing.TB, url, sql string) {
	t.Helper()
	db, err := pgx.Connect(t.Context(), url)
	if err == nil {
		_, err = db.Exec(t.Context(), sql, pgx.QueryExecModeSimpleProtocol)
		_ = db.Close(context.WithoutCancel(t.Context()))
	}
	if err != nil {
		t.Fatalf("%v\n%.300s", err, sql)
	}
}

// keep prepares a process. Those of production share no disk.
func (m *mirror) keep(t *testing.T, name string, embedded bool, args ...string) *service {
	t.Helper()
	own := m.program
	if !embedded {
		own.state = filepath.Join(t.TempDir(), "state")
	}
	m.busy[name] = &sync.Mutex{}
	return newService(t, name, func() *exec.Cmd {
		cmd := own.command(context.Background(), args...)
		cmd.Env = slices.Clone(m.env)
		return cmd
	})
}

// once is one command that has to succeed.
func (m *mirror) once(t *testing.T, args ...string) outcome {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := m.command(ctx, args...)
	cmd.Env = slices.Clone(m.env)
	o := measure(cmd)
	if o.err != nil {
		t.Fatalf("tiendi %v: %v\n%s%s", args, o.err, o.stdout, o.stderr)
	}
	return o
}

// fill copies the public marketplace into the tables where it lies beside the
// repository, and a generated one elsewhere.
func (m *mirror) fill(t *testing.T) {
	t.Helper()
	public := filepath.Join("..", "..", "..", "shared", "data")
	if _, err := os.Stat(filepath.Join(public, "marketplace")); errors.Is(err, os.ErrNotExist) {
		m.once(t, "generate", "--to", "postgres", "--days", "30", "--users", "2000")
		return
	}
	db, err := oltp.Connect(t.Context(), m.source)
	must(t, err)
	defer func() { _ = db.Close(context.WithoutCancel(t.Context())) }()
	filled, err := oltp.Fill(t.Context(), db, public)
	must(t, err)
	t.Logf("the public marketplace: %v", filled)
}

// suffer does a fault, and has made it good when it returns.
func (m *mirror) suffer(f fault) error {
	switch f.kind {
	case "cdc killed":
		return m.kill(m.cdc)
	case "engine killed", "local services killed":
		return m.alone("engine", func() error { return m.killLocal(f.kind) })
	}
	return m.rig.suffer(f)
}

// killLocal ends ClickHouse, or the supervisor and all that it has. A supervisor gives up
// on an engine that three times in a row does not live a minute, so every second time it
// does.
func (m *mirror) killLocal(which string) error {
	minute := m.killed.Add(70 * time.Second)
	if m.young {
		time.Sleep(time.Until(minute))
	}
	m.young = time.Now().Before(minute)
	pid, err := m.enginePID()
	if err == nil && which != "engine killed" {
		m.killed = time.Time{} // another supervisor counts anew
		var status local.Status
		if status, err = local.ReadStatus(context.Background(), m.engine.localOptions()); status.PID > 0 {
			return syscall.Kill(status.PID, syscall.SIGKILL)
		}
		return err
	}
	m.killed = time.Now()
	if err == nil {
		err = syscall.Kill(pid, syscall.SIGKILL)
	}
	for err == nil {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		c, away := warehouse.Open(ctx, *m.server)
		cancel()
		if away == nil {
			return c.Close()
		}
		if time.Since(m.killed) > time.Minute {
			return fmt.Errorf("the engine is not started again: %w", away)
		}
		time.Sleep(100 * time.Millisecond)
	}
	return err
}
