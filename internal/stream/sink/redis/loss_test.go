package redis

import (
	"context"
	"errors"
	"math/rand/v2"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sink"
)

// server runs Redis in a folder, and takes up the dump that lies there.
func server(t *testing.T, dir string) (kill func()) {
	t.Helper()
	socket := filepath.Join(dir, "s")
	cmd := exec.Command("redis-server", "--port", "0", "--unixsocket", socket, "--dir", dir, "--save", "")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	kill = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = os.Remove(socket)
	}
	t.Cleanup(kill)
	for range 500 {
		if c, err := net.Dial("unix", socket); err == nil {
			_ = c.Close()
			return kill
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("redis-server does not answer")
	return nil
}

// TestRestoredFromADump: the server is killed and comes back as it was some time
// ago. The workers notice it with their next Apply, and end where the log does.
func TestRestoredFromADump(t *testing.T) {
	dir, err := os.MkdirTemp("", "redis")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	ctx, rng, kill := context.Background(), rand.New(rand.NewPCG(1, 2)), server(t, dir)
	target := open(t, filepath.Join(dir, "s"))
	scratch := goredis.NewClient(&goredis.Options{Addr: filepath.Join(dir, "s"), DB: 1})
	defer scratch.Close()
	var logs []*log
	var workers []*worker
	for p := range 2 * halfOfTopic {
		logs = append(logs, makeLog(rng, scratch, p, 40, time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)))
		workers = append(workers, &worker{at: progress(p, 0), log: logs[p]})
		workers[p].step(t, target, 15)
	}
	if err := target.client.Save(ctx).Err(); err != nil {
		t.Fatal(err)
	}
	for _, w := range workers {
		w.step(t, target, 15)
	}
	kill()
	if err := target.Apply(ctx, workers[0].at, progress(0, 31), nil); !errors.Is(err, ErrUnavailable) {
		t.Errorf("with the server away: %v, want ErrUnavailable", err)
	}
	server(t, dir)
	if err := target.Apply(ctx, workers[0].at, progress(0, 31), nil); !errors.Is(err, sink.ErrMoved) {
		t.Errorf("with the server restored: %v, want ErrMoved", err)
	}
	for _, w := range workers {
		for int(w.at.Next) < len(w.log.publications) {
			w.step(t, target, 7)
		}
	}
	checkNow(t, logs, workers, target, scratch)
}

// between runs a function before the n-th call of a script.
type between struct {
	death
	n   int
	act func()
}

func (b *between) ProcessHook(next goredis.ProcessHook) goredis.ProcessHook {
	return func(ctx context.Context, cmd goredis.Cmder) error {
		if cmd.Name() == "evalsha" {
			if b.n--; b.n == 0 {
				b.act()
			}
		}
		return next(ctx, cmd)
	}
}

// TestEmptiedBetweenPieces: the position before the first Apply is also that of an
// empty server; half of the Apply is lost all the same.
func TestEmptiedBetweenPieces(t *testing.T) {
	target := start(t)
	target.pieceItems = 1
	p := &record.Publication{Updates: []record.Update{
		{Window: record.Window{Grain: record.Day, StoreID: id(1)}, Counts: record.Counts{Views: 1}},
		{Window: record.Window{Grain: record.Day, StoreID: id(2)}, Counts: record.Counts{Views: 2}},
	}}
	step := func() error {
		return target.Apply(context.Background(), progress(0, 0), progress(0, 1), []*record.Publication{p})
	}
	applyScript.Load(context.Background(), target.client)
	other := open(t, target.addr)
	target.client.AddHook(&between{n: 2, act: func() { other.client.FlushDB(context.Background()) }})
	if err := step(); !errors.Is(err, sink.ErrMoved) {
		t.Fatalf("%v, want ErrMoved", err)
	}
	if err := step(); err != nil {
		t.Fatal(err)
	}
	for store := range byte(2) {
		if got := totals(t, target.client, keyOf(p.Updates[store].Window)); got != p.Updates[store].Counts {
			t.Errorf("%+v, want %+v", got, p.Updates[store].Counts)
		}
	}
}

func TestDamagedSketch(t *testing.T) {
	target := start(t)
	p := &record.Publication{Updates: []record.Update{{Window: record.Window{Grain: record.Day}, Visitors: []byte("no sketch")}}}
	err := target.Apply(context.Background(), progress(0, 0), progress(0, 1), []*record.Publication{p})
	if !errors.Is(err, record.ErrFormat) || errors.Is(err, ErrUnavailable) {
		t.Errorf("%v, want ErrFormat", err)
	}
	if at, _ := target.Applied(context.Background(), 0); at.Next != 0 {
		t.Errorf("the position moved to %d", at.Next)
	}
}
