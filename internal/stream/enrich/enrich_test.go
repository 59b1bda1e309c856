package enrich

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

var start = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func options(t testing.TB, remember int) Options {
	t.Helper()
	registry, err := event.NewRegistry(nil, "")
	if err != nil {
		t.Fatal(err)
	}
	return Options{
		Parse: registry.Parse, Remember: remember,
		Extra:   func(*event.BaseEvent) (string, string, bool) { return "MX", "direct", false },
		Refused: func([]byte, *event.Rejection) {},
	}
}

// line is a probe, the smallest event there is, with an id by its number.
func line(n int, at time.Time) string {
	id := uuid.NewSHA1(uuid.Nil, fmt.Append(nil, n))
	return fmt.Sprintf(`{"event_id":"%s","event_type":"health_probe","timestamp":"%s","session_id":"%s","properties":{"target":"a","ok":true,"status":200,"duration_ms":1}}`+"\n",
		id, at.Format(time.RFC3339Nano), uuid.NewSHA1(uuid.Nil, fmt.Append(nil, "session", n%7)))
}

func take(t testing.TB, e *Enricher) *record.Batch {
	t.Helper()
	body, count := e.Take()
	if body == nil {
		t.Fatal("there is no batch")
	}
	b := &record.Batch{}
	if err := record.ReadBatch(body, b); err != nil || len(b.Events) != count {
		t.Fatalf("%v, %d events, said %d", err, len(b.Events), count)
	}
	return b
}

func TestFold(t *testing.T) {
	o := options(t, 100)
	var refused []string
	o.Refused = func(raw []byte, why *event.Rejection) { refused = append(refused, string(why.Reason)+" "+string(raw)) }
	e := New(o)
	future := start.Add(2 * time.Minute)
	run := e.Fold([]byte(line(1, start.Add(-time.Hour))+line(1, start.Add(-time.Hour))+"nonsense\n\n"+line(2, future)), "log", 5, start)
	b := take(t, e)
	want := record.Source{Log: "log", Next: 5}
	if run != "" || len(b.Events) != 2 || b.Source != want || !b.At.Equal(start) || b.Events[0].Country != "MX" {
		t.Errorf("run %q, batch %+v", run, b)
	}
	if !b.Events[1].Timestamp.Equal(start) {
		t.Errorf("an event of the future is of %v, want the clock's %v", b.Events[1].Timestamp, start)
	}
	if len(refused) != 1 || refused[0] != "malformed_json nonsense" {
		t.Errorf("refused %q", refused)
	}
	if got := e.Stats(); got != (Stats{Events: 2, Repeated: 1, Refused: 1}) {
		t.Errorf("%+v", got)
	}
	// A message of repetitions is a batch of nothing: the place moves on.
	if run = e.Fold(append([]byte(line(2, future)), EndLine("r1")...), "log", 9, start.Add(-time.Hour)); run != "r1" {
		t.Errorf("the run is %q", run)
	}
	b = take(t, e)
	if want = (record.Source{Log: "log", Next: 9, Prev: 5}); len(b.Events) != 0 || b.Source != want || !b.At.Equal(start) {
		t.Errorf("%+v", b)
	}
	if body, _ := e.Take(); body != nil {
		t.Error("a batch was taken twice")
	}
	var mark record.Batch
	if err := record.ReadBatch(e.End("r1"), &mark); err != nil || mark.Kind != record.End || mark.Run != "r1" || mark.Source.Next != 9 {
		t.Errorf("%v %+v", err, mark)
	}
}

// TestHorizon sends more ids than are remembered, all of them again, and some
// that are new and old: nothing comes twice as settled, nothing is dropped that is
// new.
func TestHorizon(t *testing.T) {
	const remember = 100
	e := New(options(t, remember))
	settled := map[event.ID]int{}
	unsettled := 0
	fold := func(n int) {
		e.Fold([]byte(line(n, start.Add(time.Duration(n)*time.Second))), "log", 1, start.Add(time.Hour))
		for _, ev := range take(t, e).Events {
			if ev.Unsettled {
				unsettled++
			} else {
				settled[ev.EventID]++
			}
		}
	}
	for n := range 10 * remember {
		fold(n)
	}
	if len(settled) != 10*remember || unsettled != 0 {
		t.Fatalf("%d settled, %d unsettled", len(settled), unsettled)
	}
	for n := range 10 * remember {
		fold(n)
	}
	for id, n := range settled {
		if n != 1 {
			t.Errorf("%v is settled %d times", id, n)
		}
	}
	if got := e.Stats(); unsettled == 0 || got.Repeated < remember/2 || got.Repeated+got.Unsettled != 10*remember {
		t.Errorf("%+v", got)
	}
}

// TestSuccessor ends an enricher at any moment: one that reads back what was
// written, from a snapshot or from the start, goes on as if nothing had happened.
func TestSuccessor(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 30 {
		o := options(t, 40)
		one, whole := New(o), New(o)
		var snapshot []byte
		var since []*record.Batch
		for next := uint64(1); next < 60; next++ {
			var lines strings.Builder
			for range random.IntN(4) {
				n := random.IntN(150)
				lines.WriteString(line(n, start.Add(time.Duration(n)*time.Second)))
			}
			now := start.Add(time.Hour + time.Duration(next)*time.Second)
			for _, e := range []*Enricher{one, whole} {
				e.Fold([]byte(lines.String()), "log", next, now)
			}
			b := take(t, one)
			if want := take(t, whole); !reflect.DeepEqual(b, want) {
				t.Fatalf("message %d: the successor wrote\n%+v, want\n%+v", next, b, want)
			}
			since = append(since, b)
			switch random.IntN(6) {
			case 0:
				var buffer bytes.Buffer
				if err := one.Snapshot(&buffer); err != nil {
					t.Fatal(err)
				}
				snapshot, since = buffer.Bytes(), since[max(0, len(since)-random.IntN(3)):]
			case 1:
				one = New(o)
				if snapshot != nil {
					if err := one.Restore(bytes.NewReader(snapshot)); err != nil {
						t.Fatal(err)
					}
				}
				for _, b := range since {
					one.Replay(b)
				}
			}
		}
	}
}

func TestDamagedState(t *testing.T) {
	e := New(options(t, 10))
	e.Fold([]byte(line(1, start)+line(2, start)), "log", 3, start)
	e.Take()
	var buffer bytes.Buffer
	if err := e.Snapshot(&buffer); err != nil {
		t.Fatal(err)
	}
	whole := buffer.Bytes()
	for n := range len(whole) - len("log") {
		if New(options(t, 10)).Restore(bytes.NewReader(whole[:n])) == nil {
			t.Errorf("%d of %d bytes are taken", n, len(whole))
		}
		damaged := bytes.Clone(whole)
		damaged[n] ^= 4
		if New(options(t, 10)).Restore(bytes.NewReader(damaged)) == nil {
			t.Errorf("byte %d is another one, and nobody sees it", n)
		}
	}
}
