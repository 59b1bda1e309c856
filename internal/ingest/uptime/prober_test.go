package uptime_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/ingest/uptime"
)

// rig is a prober whose clock moves when it sleeps, and what it sends to.
type rig struct {
	now    time.Time
	stop   context.CancelFunc
	until  time.Time
	away   func() error // nil: events are taken
	final  bool         // away says what trying again does not mend
	events []sent
	said   []uptime.Answer
	most   int // that waited
}

type sent struct {
	ID         string    `json:"event_id"`
	At         time.Time `json:"timestamp"`
	Properties struct {
		Target string `json:"target"`
		Status int    `json:"status"`
	} `json:"properties"`
}

func (r *rig) options(t *testing.T, targets ...string) uptime.Options {
	t.Helper()
	registry, err := event.NewRegistry(nil, "")
	if err != nil {
		t.Fatal(err)
	}
	o := uptime.Options{
		Interval: time.Minute, Timeout: 5 * time.Second,
		Now: func() time.Time { return r.now },
		Sleep: func(ctx context.Context, d time.Duration) {
			if r.now = r.now.Add(max(0, d)); !r.now.Before(r.until) {
				r.stop()
			}
		},
		Send: func(_ context.Context, lines [][]byte) (bool, error) {
			if r.away != nil {
				if err := r.away(); err != nil {
					return !r.final, err
				}
			}
			for _, line := range lines {
				if _, rejection := registry.Parse(line, r.now); rejection != nil {
					t.Errorf("%s is no event: %v", line, rejection)
				}
				var e sent
				if err := json.Unmarshal(line, &e); err != nil {
					t.Error(err)
				}
				r.events = append(r.events, e)
			}
			return false, nil
		},
		Answered: func(a uptime.Answer) { r.said = append(r.said, a) },
		Away:     func(waiting int, _ error) { r.most = max(r.most, waiting) },
	}
	for _, target := range targets {
		u, err := url.Parse(target)
		if err != nil {
			t.Fatal(err)
		}
		o.Targets = append(o.Targets, u)
	}
	return o
}

// run probes from one moment to another.
func (r *rig) run(t *testing.T, from, until time.Time, targets ...string) error {
	t.Helper()
	r.now, r.until = from, until
	p, err := uptime.New(r.options(t, targets...))
	if err != nil {
		t.Fatal(err)
	}
	var ctx context.Context
	ctx, r.stop = context.WithCancel(t.Context())
	defer r.stop()
	return p.Run(ctx)
}

var start = time.Date(2026, 3, 1, 10, 0, 59, 900e6, time.UTC)

// answering is a server that gives these statuses in turn, the last one for good; 0 cuts
// the connection.
func answering(t *testing.T, statuses ...int) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := statuses[0]
		if len(statuses) > 1 {
			statuses = statuses[1:]
		}
		if status == 0 {
			panic(http.ErrAbortHandler)
		}
		w.Header().Set("Location", "/elsewhere")
		w.WriteHeader(status)
	}))
	t.Cleanup(s.Close)
	return s
}

// TestRun asks two targets for ten minutes: each minute has one answer of each.
func TestRun(t *testing.T) {
	up, down := answering(t, 200, 302, 404, 503, 0, 999, 200), answering(t, 0)
	var r rig
	user := strings.Replace(up.URL, "://", "://me:secret@", 1)
	if err := r.run(t, start, start.Add(10*time.Minute), user+"/healthz?deep=1", down.URL); err != nil {
		t.Fatal(err)
	}
	var statuses []int
	ids, minutes := map[string]bool{}, map[time.Time]int{}
	for _, e := range r.events {
		ids[e.ID] = true
		minutes[e.At.Truncate(time.Minute)]++
		switch e.Properties.Target {
		case up.URL + "/healthz?deep=1":
			statuses = append(statuses, e.Properties.Status)
		case down.URL:
			if e.Properties.Status != 0 {
				t.Errorf("no answer is %d", e.Properties.Status)
			}
		default:
			t.Errorf("target %q", e.Properties.Target)
		}
	}
	if len(ids) != len(r.events) || len(minutes) != 11 {
		t.Errorf("%d ids of %d events in %d minutes, want 11", len(ids), len(r.events), len(minutes))
	}
	for minute, n := range minutes {
		if n != 2 {
			t.Errorf("%d answers at %s", n, minute)
		}
	}
	for i, want := range []int{200, 302, 404, 503, 0, 599, 200, 200, 200, 200, 200} {
		if i >= len(statuses) || statuses[i] != want {
			t.Fatalf("statuses %d", statuses)
		}
	}
	for i, want := range []bool{true, true, true, false, false, false, true} {
		if a := r.said[2*i]; a.Up() != want || (a.Status == 0) != (a.Err != nil) {
			t.Errorf("answer %d: %+v", i, a)
		}
	}
}

// TestAway keeps what nobody takes, and sends it later: once.
func TestAway(t *testing.T) {
	s := answering(t, 200)
	r := rig{}
	r.away = func() error {
		if r.now.Before(start.Add(5 * time.Minute)) {
			return errors.New("connection refused")
		}
		return nil
	}
	if err := r.run(t, start, start.Add(8*time.Minute), s.URL); err != nil {
		t.Fatal(err)
	}
	if len(r.events) != 9 || r.most < 5 {
		t.Errorf("%d events, %d waited at most", len(r.events), r.most)
	}
}

// TestLost says what was lost when it ends, and ends at once where the key is wrong.
func TestLost(t *testing.T) {
	s := answering(t, 200)
	r := rig{away: func() error { return errors.New("connection refused") }}
	if err := r.run(t, start, start.Add(3*time.Minute), s.URL); err == nil || !strings.Contains(err.Error(), "4 answers could not be sent") {
		t.Error(err)
	}
	r.final = true
	if err := r.run(t, start, start.Add(time.Hour), s.URL); err == nil || err.Error() != "connection refused" {
		t.Error(err)
	}
}

func TestNewRefuses(t *testing.T) {
	for _, c := range []struct {
		target            string
		interval, timeout time.Duration
		want              string
	}{
		{"shop.example.com/healthz", time.Minute, time.Second, "no URL that can be asked"},
		{"ftp://me:secret@shop.example.com", time.Minute, time.Second, "ftp://me:xxxxx@shop.example.com is no URL"},
		{"http:///healthz", time.Minute, time.Second, "no URL that can be asked"},
		{"http://shop", 90 * time.Second, time.Second, "--interval 1m30s"},
		{"http://shop", 2 * time.Hour, time.Second, "--interval 2h0m0s"},
		{"http://shop", time.Minute, time.Minute, "--timeout 1m0s"},
	} {
		o := (&rig{}).options(t, c.target)
		o.Interval, o.Timeout = c.interval, c.timeout
		if _, err := uptime.New(o); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}
