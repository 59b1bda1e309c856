package bench

import (
	"context"
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"golang.org/x/sync/errgroup"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// replay is what a bare client needs to do again what a run did.
type replay struct {
	before []logged // of the run as a whole
	nodes  []replayNode
	after  []logged
}

type replayNode struct {
	id         string
	parents    []string
	statements []logged
}

// logged is a line of statements.jsonl.
type logged struct {
	Node  string    `json:"node"`
	Start time.Time `json:"start"`
	SQL   string    `json:"sql"`
	Error string    `json:"error"`
}

// readReplay reads the statement log of p's last run.
func readReplay(t testing.TB, p program) replay {
	t.Helper()
	text, err := os.ReadFile(p.target("statements.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var lines []logged
	for line := range strings.Lines(string(text)) {
		var l logged
		if err := json.Unmarshal([]byte(line), &l); err != nil {
			t.Fatal(err)
		}
		lines = append(lines, l)
	}
	slices.SortStableFunc(lines, func(a, b logged) int { return a.Start.Compare(b.Start) })
	var r replay
	parents := readParents(t, p)
	index := map[string]int{}
	for _, l := range lines {
		switch i, known := index[l.Node]; {
		case l.Node == "" && len(r.nodes) == 0:
			r.before = append(r.before, l)
		case l.Node == "":
			r.after = append(r.after, l)
		case known:
			r.nodes[i].statements = append(r.nodes[i].statements, l)
		default:
			index[l.Node] = len(r.nodes)
			r.nodes = append(r.nodes, replayNode{l.Node, parents[l.Node], []logged{l}})
		}
	}
	return r
}

// readParents gives what each node of the manifest depends on.
func readParents(t testing.TB, p program) map[string][]string {
	t.Helper()
	text, err := os.ReadFile(p.target("manifest.json"))
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		ParentMap map[string][]string `json:"parent_map"`
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		t.Fatal(err)
	}
	return manifest.ParentMap
}

// send runs all statements on so many workers and says how long it took, the
// opening of connections included.
func (r replay) send(t testing.TB, at warehouse.Config, threads int) time.Duration {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	start := time.Now()
	conn, err := clickhouse.Open(&clickhouse.Options{
		Addr: at.Addrs, Auth: clickhouse.Auth{Database: at.Database, Username: at.User, Password: at.Password},
		Settings: clickhouse.Settings{"async_insert": 0}, MaxOpenConns: threads, MaxIdleConns: threads,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	err = sendAll(ctx, conn, r.before)
	if err == nil {
		err = r.sendNodes(ctx, conn, threads)
	}
	if err == nil {
		err = sendAll(ctx, conn, r.after)
	}
	if err != nil {
		t.Fatalf("replay: %v", err)
	}
	return time.Since(start)
}

// sendNodes hands the nodes to the workers in the order of the run. The first
// of those in work has all its parents done, so nobody waits for ever.
func (r replay) sendNodes(ctx context.Context, conn clickhouse.Conn, threads int) error {
	done := map[string]chan struct{}{}
	for _, n := range r.nodes {
		done[n.id] = make(chan struct{})
	}
	workers, ctx := errgroup.WithContext(ctx)
	workers.SetLimit(threads)
	for _, n := range r.nodes {
		workers.Go(func() error {
			for _, parent := range n.parents {
				if ch, ok := done[parent]; ok {
					select {
					case <-ch:
					case <-ctx.Done():
						return ctx.Err()
					}
				}
			}
			defer close(done[n.id])
			return sendAll(ctx, conn, n.statements)
		})
	}
	return workers.Wait()
}

// sendAll runs statements one after the other; those that failed in the run
// may fail again.
func sendAll(ctx context.Context, conn clickhouse.Conn, statements []logged) error {
	for _, s := range statements {
		if err := conn.Exec(ctx, s.SQL); err != nil && s.Error == "" {
			return err
		}
	}
	return nil
}
