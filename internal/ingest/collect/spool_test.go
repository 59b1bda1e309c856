package collect

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
)

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

func batchOf(n int) broker.Batch {
	return broker.Batch{Partition: 3, Message: broker.Message{
		Header: broker.Header{Producer: "p", Sequence: uint64(n), Count: n}, Body: []byte(strings.Repeat(fmt.Sprint(n), n%50)),
	}}
}

// openBacklog opens partition 3 of a spool, as a process does that was started again.
func openBacklog(t testing.TB, dir string, limit int64) (*spool, *backlog) {
	t.Helper()
	s, err := openSpool(dir, limit, quiet())
	if err != nil {
		t.Fatal(err)
	}
	list, err := s.backlogs(Topic{Name: "analytics.raw", Partitions: 4})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.close() })
	return s, list[3]
}

func expectNext(t testing.TB, b *backlog, n int) {
	t.Helper()
	got, err := b.oldest()
	if want := batchOf(n); err != nil || got.Partition != 3 || got.Header != want.Header || !bytes.Equal(got.Body, want.Body) {
		t.Fatalf("batch %d: got %+v, %v", n, got, err)
	}
}

func TestSpoolKeepsOrderAcrossStarts(t *testing.T) {
	dir := t.TempDir()
	s, b := openBacklog(t, dir, 1<<20)
	for n := 1; n <= 100; n++ {
		if err := b.add(batchOf(n)); err != nil {
			t.Fatal(err)
		}
	}
	for n := 1; n <= 30; n++ {
		expectNext(t, b, n)
		b.drop()
	}
	b.close()
	_ = s.close()
	// A file that is not sent to its end is sent again from its beginning.
	s, b = openBacklog(t, dir, 1<<20)
	if s.records.Load() != 100 {
		t.Errorf("%d records", s.records.Load())
	}
	if err := b.add(batchOf(101)); err != nil {
		t.Fatal(err)
	}
	for n := 1; n <= 101; n++ {
		expectNext(t, b, n)
		b.drop()
	}
	if !b.empty() || s.bytes.used.Load() != 0 || s.records.Load() != 0 {
		t.Errorf("left: %d bytes, %d records", s.bytes.used.Load(), s.records.Load())
	}
	if files, _ := filepath.Glob(filepath.Join(b.dir, "*")); len(files) != 0 {
		t.Errorf("left: %v", files)
	}
}

func TestSpoolIsBounded(t *testing.T) {
	s, b := openBacklog(t, t.TempDir(), 200)
	for n := 1; ; n++ {
		err := b.add(batchOf(n))
		if errors.Is(err, errFull) {
			break
		}
		if err != nil || n > 10 {
			t.Fatalf("%d: %v", n, err)
		}
	}
	if used := s.bytes.used.Load(); used > 200 || used == 0 {
		t.Errorf("%d bytes are used", used)
	}
}

func TestSpoolIsOneProcess(t *testing.T) {
	dir := t.TempDir()
	openBacklog(t, dir, 1<<20)
	if _, err := openSpool(dir, 1<<20, quiet()); err == nil || !strings.Contains(err.Error(), "another collector's") {
		t.Errorf("got %v", err)
	}
}

func TestSpoolOfMorePartitions(t *testing.T) {
	s, _ := openBacklog(t, t.TempDir(), 1<<20)
	if _, err := s.backlogs(Topic{Name: "analytics.raw", Partitions: 3}); err == nil || !strings.Contains(err.Error(), "partition 3") {
		t.Errorf("got %v", err)
	}
}

// TestSpoolTail cuts and damages a file at every byte.
func TestSpoolTail(t *testing.T) {
	record := func(n int) []byte { return appendRecord(nil, batchOf(n).Message) }
	whole := append(append(record(1), record(2)...), record(3)...)
	first := len(record(1))
	for at := 0; at < len(whole); at += 3 {
		damaged := bytes.Clone(whole)
		damaged[at] ^= 0x40
		zeros := append(bytes.Clone(whole[:at]), make([]byte, 500)...)
		for name, text := range map[string][]byte{"cut": whole[:at], "damaged": damaged, "zeros": zeros} {
			dir := t.TempDir()
			folder := filepath.Join(dir, "analytics.raw", "3")
			if err := errors.Join(os.MkdirAll(folder, 0o700), os.WriteFile(filepath.Join(folder, "000000000001.spool"), text, 0o600)); err != nil {
				t.Fatal(err)
			}
			s, b := openBacklog(t, dir, 1<<20)
			want := 0
			for end := first; end <= at; end += len(record(want + 1)) {
				want++
			}
			for n := 1; n <= want; n++ {
				expectNext(t, b, n)
				b.drop()
			}
			if !b.empty() {
				t.Fatalf("%s at %d: there is more than %d records", name, at, want)
			}
			aside, _ := filepath.Glob(filepath.Join(folder, "*.damaged"))
			if name == "cut" && len(aside) > 0 || name == "damaged" && at < len(whole)-len(record(3)) && len(aside) == 0 {
				t.Fatalf("%s at %d: set aside are %v", name, at, aside)
			}
			_ = s.close()
		}
	}
}

// TestSpoolDamagedWhileRunning sets one file aside and goes on with the next.
func TestSpoolDamagedWhileRunning(t *testing.T) {
	s, b := openBacklog(t, t.TempDir(), 1<<20)
	if err := b.add(batchOf(1)); err != nil {
		t.Fatal(err)
	}
	b.segments[0].sealed = true
	if err := errors.Join(b.add(batchOf(2)), os.WriteFile(b.segments[0].path, make([]byte, 100), 0o600)); err != nil {
		t.Fatal(err)
	}
	if _, err := b.oldest(); err == nil || !strings.Contains(err.Error(), ".damaged") {
		t.Errorf("got %v", err)
	}
	expectNext(t, b, 2)
	b.drop()
	if !b.empty() || s.records.Load() != 0 || s.bytes.used.Load() != 0 {
		t.Errorf("left: %d bytes, %d records", s.bytes.used.Load(), s.records.Load())
	}
}

// TestOrderWhileTheBrokerComesAndGoes sends one session's events one after the
// other, so that the log must have them in that order.
func TestOrderWhileTheBrokerComesAndGoes(t *testing.T) {
	s := open(t, nil)
	session := newID()
	var ids []string
	for i := range 300 {
		s.events.set(i/20%2 == 1, nil)
		id := newID()
		if r := s.post(t, "/v1/events", view(session, id)); r.Status != 202 {
			t.Fatal(r.Text)
		}
		ids = append(ids, id)
	}
	s.events.set(false, nil)
	eventually(t, "an empty spool", func() bool { return !s.backlogged() })
	for i, line := range s.events.lines(-1) {
		if !strings.Contains(line, ids[i]) {
			t.Fatalf("event %d is at another place: %s", i, line)
		}
	}
	if n := len(s.events.lines(-1)); n != len(ids) {
		t.Errorf("%d of %d events", n, len(ids))
	}
}

// TestSpoolFull holds what clients and probes are told.
func TestSpoolFull(t *testing.T) {
	s := open(t, func(o *Options) { o.Limits.SpoolBytes = 3000 })
	s.events.set(true, nil)
	statuses := map[int]int{}
	for range 10 {
		r := s.post(t, "/v1/events", view(newID(), newID()))
		statuses[r.Status]++
		if r.Status == 503 && (r.Header.Get("Retry-After") == "" || !strings.Contains(r.Error, "spool is full")) {
			t.Errorf("got %v %s", r.Header, r.Text)
		}
	}
	if statuses[202] == 0 || statuses[503] == 0 || len(statuses) != 2 {
		t.Errorf("got %v", statuses)
	}
	if r := get(t, s.url+"/readyz"); r.Status != 503 {
		t.Errorf("readyz: got %d %s", r.Status, r.Text)
	}
	s.events.set(false, nil)
	eventually(t, "ready again", func() bool { return get(t, s.url+"/readyz").Status == 200 })
	if n := len(s.events.lines(-1)); n != statuses[202] {
		t.Errorf("%d answered 202, %d in the log", statuses[202], n)
	}
}

// TestSpoolIsSentAfterAStart holds that what one process has spooled, the next sends.
func TestSpoolIsSentAfterAStart(t *testing.T) {
	var log bytes.Buffer
	s := open(t, func(o *Options) { o.Log = debugLog(&log) })
	s.events.set(true, nil)
	s.rejected.set(true, nil)
	if r := s.post(t, "/v1/events", view(newID(), newID())+"\n{}"); r.Status != 202 || r.Accepted != 1 {
		t.Fatal(r.Text)
	}
	if err := s.stop(); err != nil {
		t.Fatal(err)
	}
	next := open(t, func(o *Options) { o.SpoolDir = s.options.SpoolDir })
	eventually(t, "both", func() bool { return len(next.events.lines(-1)) == 1 && len(next.rejected.lines(-1)) == 1 })
	if !strings.Contains(log.String(), "go to the spool") {
		t.Errorf("the log says nothing: %s", log.String())
	}
}

// TestLateBatch holds that a batch too old for its number is sent under a new one.
func TestLateBatch(t *testing.T) {
	s := open(t, nil)
	l := s.lanes[0]
	late := &lateOnce{memory: s.events}
	l.topic.Log = late
	if err := l.backlog.add(broker.Batch{Message: broker.Message{Header: broker.Header{Producer: "old", Sequence: 1, Count: 1}, Body: []byte("x\n")}}); err != nil {
		t.Fatal(err)
	}
	l.spooled <- struct{}{}
	eventually(t, "the batch", func() bool { return len(s.events.lines(0)) == 1 })
	if b := s.events.stored[0]; b.Producer != "memory" || b.Count != 1 {
		t.Errorf("got %+v", b)
	}
}

func get(t testing.TB, url string) reply {
	t.Helper()
	request, err := newGet(url)
	if err != nil {
		t.Fatal(err)
	}
	r, err := do(request)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func FuzzRecord(f *testing.F) {
	f.Add(appendRecord(appendRecord(nil, batchOf(1).Message), batchOf(7).Message))
	f.Add([]byte{})
	f.Add(make([]byte, 40))
	f.Fuzz(func(t *testing.T, file []byte) {
		at, size := int64(0), int64(len(file))
		var again []byte
		for {
			m, next, err := readRecord(bytes.NewReader(file), at, size)
			if err != nil {
				if next != at || !errors.Is(err, io.EOF) && !errors.Is(err, errTorn) && !errors.Is(err, errDamaged) {
					t.Fatalf("at %d: next is %d, %v", at, next, err)
				}
				break
			}
			if next <= at || next > size {
				t.Fatalf("the record at %d ends at %d of %d", at, next, size)
			}
			again = appendRecord(again[:0], m)
			if read, _, err := readRecord(bytes.NewReader(again), 0, int64(len(again))); err != nil || read.Header != m.Header || !bytes.Equal(read.Body, m.Body) {
				t.Fatalf("written again it is %+v, %v", read, err)
			}
			at = next
		}
	})
}

// BenchmarkSpool is what a batch costs while the broker is away.
func BenchmarkSpool(b *testing.B) {
	_, log := openBacklog(b, b.TempDir(), 1<<40)
	batch := broker.Batch{Message: broker.Message{Header: broker.Header{Producer: "p", Sequence: 1, Count: 100}, Body: bytes.Repeat([]byte("x"), 70<<10)}}
	b.SetBytes(int64(len(batch.Body)))
	began := time.Now()
	for b.Loop() {
		if err := log.add(batch); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(100*b.N)/time.Since(began).Seconds(), "events/s")
}
