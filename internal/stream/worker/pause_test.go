package worker_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/broker/embedded"
	"github.com/tiendi/tiendi/internal/stream/worker"
)

// interruptions is a log of which the pauses after interruptions can be read.
type interruptions struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (i *interruptions) Write(line []byte) (int, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.text.Write(line)
}

// interruption is a line of it.
type interruption struct {
	Msg, Task, Err string
	Others         int
	Again          time.Duration `json:"again_in"`
}

func (i *interruptions) all(t *testing.T) (all []interruption) {
	t.Helper()
	i.mu.Lock()
	defer i.mu.Unlock()
	for line := range strings.Lines(i.text.String()) {
		var entry interruption
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		if entry.Msg == "a task is interrupted" {
			all = append(all, entry)
		}
	}
	return all
}

func (i *interruptions) pauses(t *testing.T) (all []time.Duration) {
	t.Helper()
	for _, entry := range i.all(t) {
		all = append(all, entry.Again)
	}
	return all
}

// TestPauses: a task whose broker is away waits longer each time, but no longer than
// readers do. One that has worked meanwhile begins anew. Else tasks would stand still long
// after several faults in a row.
func TestPauses(t *testing.T) {
	w := newWorld(t)
	var log interruptions
	var later atomic.Int64
	o, _ := w.options("one", "")
	o.Stages, o.Partitions = []worker.Stage{worker.Events}, 1
	o.Log = slog.New(slog.NewJSONHandler(&log, nil))
	o.Clock = func() time.Time { return time.Now().Add(time.Duration(later.Load())) }
	one := worker.New(o)
	running := func() bool {
		tasks := one.Status()
		return len(tasks) == 1 && tasks[0].State == "running"
	}
	before := 0
	during(t, one, func() bool {
		works := running()
		n := len(log.pauses(t))
		switch {
		case n == 0 && works:
			w.server.Stop()
		case n >= 6 && before == 0:
			before = n
			w.restart()
		case before > 0 && later.Load() == 0 && works:
			before = n
			later.Store(int64(30 * time.Second))
			w.server.Stop()
		}
		return later.Load() > 0 && n >= before+3
	})
	const ms = time.Millisecond
	got := log.pauses(t)
	begin(t, got, 200*ms, 400*ms, 800*ms, 1600*ms, 2000*ms, 2000*ms)
	begin(t, got[before:], 200*ms, 400*ms, 800*ms)
}

var digits = regexp.MustCompile("[0-9]+")

// TestOneSpeaks: of tasks that fail alike one says so, and for how many others. Else a
// broker that is away is a line of each task every two seconds.
func TestOneSpeaks(t *testing.T) {
	w := newWorld(t)
	var log interruptions
	o, _ := w.options("one", "")
	o.Stages = []worker.Stage{worker.Events}
	o.Log = slog.New(slog.NewJSONHandler(&log, nil))
	one, stopped := worker.New(o), false
	during(t, one, func() bool {
		works := 0
		for _, task := range one.Status() {
			if task.State == "running" {
				works++
			}
		}
		if works == partitions && !stopped {
			stopped = true
			w.server.Stop()
		}
		return slices.ContainsFunc(log.all(t), func(i interruption) bool { return i.Others == partitions-1 })
	})
	speaker := map[string]string{}
	for _, i := range log.all(t) {
		text := digits.ReplaceAllString(i.Err, "")
		if before, known := speaker[text]; known && before != i.Task {
			t.Errorf("both %s and %s say %q", before, i.Task, i.Err)
		}
		speaker[text] = i.Task
	}
	t.Logf("%d lines: %v", len(log.all(t)), speaker)
}

func begin(t *testing.T, got []time.Duration, want ...time.Duration) {
	t.Helper()
	if len(got) < len(want) || !slices.Equal(got[:len(want)], want) {
		t.Errorf("the pauses are %v, want %v", got, want)
	}
}

// restart runs the broker again, at its address.
func (w *world) restart() {
	w.t.Helper()
	_, port, err := net.SplitHostPort(w.config.Addr)
	if err != nil {
		w.t.Fatal(err)
	}
	again := embedded.ServerOptions{Dir: w.dir, Token: w.config.Token, Log: slog.New(slog.DiscardHandler)}
	if again.Port, err = strconv.Atoi(port); err == nil {
		w.server, err = embedded.Start(w.t.Context(), again)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(w.server.Stop)
}
