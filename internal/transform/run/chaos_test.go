package run

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/chaos"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// victimEnv makes this test program a run that is to be killed.
const victimEnv = "TIENDI_TEST_VICTIM"

// victimOrders say what the victim runs and when it dies.
type victimOrders struct {
	Warehouse warehouse.Config
	Schema    string
	Dir       string
	Full      bool
	// Statement is the one around which it kills itself: before it is sent
	// or, with After, when its answer is there. 0: it is killed from outside.
	Statement int64
	After     bool
	Bare      bool // it writes no artifacts
}

func victim(text string) int {
	var o victimOrders
	if err := json.Unmarshal([]byte(text), &o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	client, err := warehouse.Open(ctx, o.Warehouse)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	s := chaosShop(nil, client, o.Schema, o.Dir)
	options := s.options("run")
	options.Warehouse = &suicidal{Client: client, orders: o}
	if o.Bare {
		options.TargetDir, options.StatementLog, options.LockDir = "", false, o.Dir
	}
	if options.FullRefresh = o.Full; o.Full {
		options.Compiler = fullCompiler(s)
	}
	if results, err := Run(ctx, options); err != nil {
		fmt.Fprintln(os.Stderr, err, messages(results))
		return 1
	}
	return 0
}

// suicidal is a client that ends its own process as kill -9 does.
type suicidal struct {
	*warehouse.Client
	orders victimOrders
	count  atomic.Int64
}

func (c *suicidal) Exec(ctx context.Context, sql string, opts ...warehouse.Option) (warehouse.Stats, error) {
	mine := c.count.Add(1) == c.orders.Statement
	if mine && !c.orders.After {
		c.die()
	}
	stats, err := c.Client.Exec(ctx, sql, opts...)
	if mine {
		c.die()
	}
	return stats, err
}

func (c *suicidal) die() {
	_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
	select {} // until the signal arrives
}

// chaosShop has a model of each strategy over one source.
func chaosShop(t testing.TB, client *warehouse.Client, schema, dir string) *shop {
	s := emptyShop(t, client, schema, dir)
	parts := map[string]any{"partition_by": "k % 3", "order_by": "k"}
	with := func(key string, value any) map[string]any {
		return map[string]any{"partition_by": "k % 3", "order_by": "k", key: value}
	}
	s.model("plain", "table", "SELECT k, v FROM {source}", parts)
	s.model("looked", "view", "SELECT k, v FROM {source}", nil)
	s.model("appended", "incremental", "SELECT k, version AS v FROM {source_versions}[[ WHERE v > (SELECT max(v) FROM {appended})]]", parts)
	s.model("keyed", "incremental", "SELECT k, v FROM {source}", map[string]any{"unique_key": "k"})
	s.model("keyed_parts", "incremental", "SELECT k, v FROM {source}", with("unique_key", "k"))
	s.model("overwritten", "incremental", "SELECT k, v FROM {source}", with("incremental_strategy", "insert_overwrite"))
	s.model("below", "table", "SELECT count() AS k, sum(v) AS v FROM {keyed}", nil, "model.shop.keyed")
	return s
}

// builtShop is a shop for runs to be killed in, of version 0.
func builtShop(t *testing.T) *shop {
	s := open(t)
	s = chaosShop(t, s.client, s.schema, s.dir)
	s.exec("CREATE TABLE {source} (k UInt32, v UInt32) ENGINE = ReplacingMergeTree ORDER BY k")
	s.exec("CREATE TABLE {source_versions} (k UInt32, version UInt32) ENGINE = MergeTree ORDER BY k")
	s.nextVersion(0)
	s.run()
	return s
}

// TestChaosKilledRun kills runs at all sorts of moments. Whatever a reader finds then
// is the old or the new version of each table, and the next run mends the
// rest. TIENDI_CHAOS=n makes it n rounds.
func TestChaosKilledRun(t *testing.T) {
	s := builtShop(t)
	rounds := chaos.Rounds(t, 6)
	seed := uint64(time.Now().UnixNano())
	random := rand.New(rand.NewPCG(seed, 0))
	for round := 1; round <= rounds && !t.Failed(); round++ {
		before := s.fingerprints()
		s.nextVersion(round)
		orders := victimOrders{Warehouse: s.client.Config(), Schema: s.schema, Dir: s.dir, Full: random.IntN(4) == 0}
		if round%2 == 1 {
			orders.Statement, orders.After = 1+random.Int64N(55), random.IntN(2) == 0
		}
		s.sacrifice(orders, time.Duration(random.IntN(400))*time.Millisecond)
		killed := s.fingerprints()
		s.run()
		after := s.fingerprints()
		for table, now := range killed {
			if now != before[table] && now != after[table] {
				t.Errorf("seed %d, round %d, %+v: %s was neither old nor new: %s, %s, %s", seed, round, orders, table, before[table], now, after[table])
			}
		}
		s.checkVersion(round)
		s.nothingLeft()
		if locks, _ := filepath.Glob(filepath.Join(s.dir, "run-*.lock")); len(locks) > 0 {
			t.Errorf("seed %d, round %d: lock files left: %v", seed, round, locks)
		}
	}
}

// TestKilledRunWithoutArtifacts: a run that writes none, as those that make raw tables,
// is seen to be dead as soon as any other.
func TestKilledRunWithoutArtifacts(t *testing.T) {
	s := builtShop(t)
	for _, statement := range []int64{10, 20, 30} {
		s.sacrifice(victimOrders{Warehouse: s.client.Config(), Schema: s.schema, Dir: s.dir, Statement: statement, After: true, Bare: true}, 0)
		o := s.options("run")
		o.LockTimeout = 5 * time.Second // a dead run's tables are free at once, or after a minute
		if results, err := Run(t.Context(), o); err != nil {
			t.Fatal(err, messages(results))
		}
		s.nothingLeft()
	}
}

// A statement outlives the process that sent it: the lease of a run that was
// killed while taking it may appear when the next run has already looked.
func TestKilledRunsLeaseIsLate(t *testing.T) {
	s := open(t)
	s.model("plain", "table", "SELECT 1 AS k", nil)
	const dead = "0123456789ab"
	if err := os.WriteFile(filepath.Join(s.dir, "run-"+dead+".lock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	o := s.options("run")
	o.Warehouse = &lateLease{Client: s.client, statement: s.text("CREATE TABLE {_tiendi_run_" + dead + "} (alive UInt8) ENGINE = Memory COMMENT 'gone'")}
	if results, err := Run(t.Context(), o); err != nil {
		t.Fatal(err, messages(results))
	}
	s.nothingLeft()
}

// lateLease lets the server begin a dead run's statement before the first of
// this run.
type lateLease struct {
	*warehouse.Client
	statement string
	begun     sync.Once
}

func (c *lateLease) Exec(ctx context.Context, sql string, opts ...warehouse.Option) (warehouse.Stats, error) {
	var err error
	c.begun.Do(func() { _, err = c.Client.Exec(ctx, c.statement) })
	if err != nil {
		return warehouse.Stats{}, err
	}
	return c.Client.Exec(ctx, sql, opts...)
}

func (s *shop) sacrifice(o victimOrders, delay time.Duration) {
	s.t.Helper()
	text, err := json.Marshal(o)
	if err != nil {
		s.t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(s.t.Context(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, self)
	cmd.Env = append(os.Environ(), victimEnv+"="+string(text))
	out, err := os.Create(filepath.Join(s.t.TempDir(), "out"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = out.Close() }()
	cmd.Stderr = out
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	if o.Statement == 0 {
		time.AfterFunc(delay, func() { _ = cmd.Process.Kill() })
	}
	if err := cmd.Wait(); err != nil && cmd.ProcessState.ExitCode() != -1 {
		text, _ := os.ReadFile(out.Name())
		s.t.Errorf("the victim failed by itself: %v\n%s", err, text)
	}
}

// nextVersion changes some rows of the source and adds some.
func (s *shop) nextVersion(n int) {
	s.t.Helper()
	s.exec(fmt.Sprintf("INSERT INTO {source} SELECT number * %d %% 2000, %d FROM numbers(1000)", n+1, n))
	s.exec("OPTIMIZE TABLE {source} FINAL")
	s.exec(fmt.Sprintf("INSERT INTO {source_versions} SELECT number, %d FROM numbers(1000)", n))
}

func (s *shop) checkVersion(n int) {
	s.t.Helper()
	for _, table := range []string{"plain", "looked", "keyed", "keyed_parts", "overwritten"} {
		s.want("SELECT count() FROM (SELECT k, v FROM {"+table+"} ORDER BY k, v EXCEPT SELECT k, v FROM {source})", "0")
		s.want("SELECT (SELECT count() FROM {"+table+"}) = (SELECT count() FROM {source})", "1")
	}
	s.want("SELECT count(), uniqExact(k, v) FROM {appended}", fmt.Sprintf("%d %d", 1000*(n+1), 1000*(n+1)))
}

// fingerprints gives what readers find in each table.
func (s *shop) fingerprints() map[string]string {
	s.t.Helper()
	out := map[string]string{}
	for _, n := range s.nodes {
		if n.Config.Materialized != "view" {
			out[n.Name] = fmt.Sprint(s.values("SELECT count(), sum(cityHash64(k, v)) FROM {" + n.Name + "}"))
		}
	}
	return out
}
