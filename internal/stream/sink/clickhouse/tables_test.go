package clickhouse_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/transform/compile"
	"github.com/tiendi/tiendi/internal/transform/run"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// build makes the tables of the project's models, as `tiendi run -s` does.
func build(t testing.TB, db *warehouse.Client, models ...string) {
	t.Helper()
	m, err := compile.Load(t.Context(), project.Options{Dir: "../../../.."}, compile.Options{
		Target: compile.Target{Name: "dev", Profile: "tiendi", Type: "clickhouse", Schema: db.Config().Database, Threads: 1},
		Now:    time.Now(), LookupEnv: func(string) (string, bool) { return "", false },
	})
	if err != nil {
		t.Fatal(err)
	}
	var nodes []*project.Node
	for _, n := range m.Nodes {
		if n.Kind == project.Model && slices.Contains(models, n.Name) {
			nodes = append(nodes, n)
		}
	}
	results, err := run.Run(t.Context(), run.Options{
		Command: "run", Nodes: nodes, Graph: m.Graph, Warehouse: db, Schema: db.Config().Database, Root: m.Project.Root(), Threads: 1,
		Compiler: func(w compile.Warehouse) run.Compiler { return m.Compiler(w) }, InvocationID: "test", Clock: time.Now, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		for _, r := range results.Results {
			t.Error(r.Node.Name, r.Err)
		}
		t.Fatal(err)
	}
}

func exec(t testing.TB, db *warehouse.Client, statements ...string) {
	t.Helper()
	for _, sql := range statements {
		if _, err := db.Exec(context.Background(), sql); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
	}
}

// values are the rows of a query, "a b\nc d" with values apart by spaces.
func values(t testing.TB, db *warehouse.Client, sql string) string {
	t.Helper()
	rows, err := db.Query(context.Background(), sql)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	defer func() { _ = rows.Close() }()
	var lines []string
	for rows.Next() {
		v, err := rows.Values()
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, strings.TrimSuffix(fmt.Sprintln(v...), "\n"))
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	return strings.Join(lines, "\n")
}

func want(t testing.TB, db *warehouse.Client, sql, result string) {
	t.Helper()
	if got := values(t, db, sql); got != result {
		t.Errorf("%s\ngot  %s\nwant %s", sql, got, result)
	}
}

// records keeps what is logged.
type records struct {
	mu   sync.Mutex
	text strings.Builder
}

func (r *records) logger() *slog.Logger { return slog.New(slog.NewTextHandler(r, nil)) }

func (r *records) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.Write(p)
}

func (r *records) String() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.text.String()
}
