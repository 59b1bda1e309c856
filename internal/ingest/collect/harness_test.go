package collect

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/event"
)

// clock is the tests' now.
var clock = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// memory is a Log that keeps what it is given, for what a broker does on demand.
type memory struct {
	mu      sync.Mutex
	stored  []broker.Batch
	numbers uint64
	away    bool
	hold    chan struct{} // appends wait for it, where it is not nil
}

func (m *memory) Batch(partition int, body []byte, count int) broker.Batch {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.numbers++
	return broker.Batch{Partition: partition, Message: broker.Message{
		Header: broker.Header{Producer: "memory", Sequence: m.numbers, Count: count}, Body: body,
	}}
}

func (m *memory) Append(ctx context.Context, b broker.Batch) error {
	m.mu.Lock()
	hold := m.hold
	m.mu.Unlock()
	if hold != nil {
		select {
		case <-hold:
		case <-ctx.Done():
			return fmt.Errorf("%w: %w", broker.ErrUnconfirmed, ctx.Err())
		}
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.away {
		return broker.ErrUnavailable
	}
	m.stored = append(m.stored, b)
	return nil
}

func (m *memory) set(away bool, hold chan struct{}) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.away, m.hold = away, hold
}

// lines are what was stored, in order, of one partition or, with -1, of all.
func (m *memory) lines(partition int) (lines []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, b := range m.stored {
		if partition < 0 || b.Partition == partition {
			lines = append(lines, strings.Split(strings.TrimSuffix(string(b.Body), "\n"), "\n")...)
		}
	}
	return lines
}

// site is a running collector.
type site struct {
	*Collector
	url              string
	events, rejected *memory
	stop             func() error
}

func registry(t testing.TB) *event.Registry {
	t.Helper()
	r, err := event.NewRegistry(nil, "")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func hashOf(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:])
}

func options(t testing.TB) (Options, *memory, *memory) {
	t.Helper()
	keys, err := ParseKeys(map[string][]string{"web": {hashOf("web-key"), hashOf("web-key-2")}, "app": {hashOf("app-key")}})
	if err != nil {
		t.Fatal(err)
	}
	events, rejected := &memory{}, &memory{}
	return Options{
		Registry: registry(t), Keys: keys, Origins: []string{"https://shop.example"},
		Events:   Topic{Name: "analytics.raw", Partitions: 4, Log: events},
		Rejected: Topic{Name: "analytics.rejected", Partitions: 1, Log: rejected},
		SpoolDir: t.TempDir(), Now: func() time.Time { return clock },
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Metrics: prometheus.NewRegistry(),
	}, events, rejected
}

// open runs a collector until the test ends or its stop is called.
func open(t testing.TB, change func(*Options)) *site {
	t.Helper()
	o, events, rejected := options(t)
	if change != nil {
		change(&o)
	}
	s := run(t, o)
	s.events, s.rejected = events, rejected
	return s
}

func run(t testing.TB, o Options) *site {
	t.Helper()
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- c.Run(ctx, listener) }()
	s := &site{Collector: c, url: "http://" + listener.Addr().String()}
	s.stop = sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() {
		if err := s.stop(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// reply is what a client gets.
type reply struct {
	Status   int         `json:"-"`
	Header   http.Header `json:"-"`
	Text     string      `json:"-"`
	Success  bool
	Accepted int
	Rejected []refused
	Ignored  int
	Error    string
}

// post sends a body with the web key; headers are "Name: value" and override.
func (s *site) post(t testing.TB, path, body string, headers ...string) reply {
	t.Helper()
	r, err := s.send(path, body, headers...)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (s *site) send(path, body string, headers ...string) (reply, error) {
	request, err := http.NewRequest(http.MethodPost, s.url+path, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Authorization", "Bearer web-key")
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		if request.Header.Del(name); value != "" || name == "User-Agent" {
			request.Header.Set(name, value)
		}
	}
	return do(request)
}

func do(request *http.Request) (reply, error) {
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return reply{}, err
	}
	return readReply(response)
}

func readReply(response *http.Response) (reply, error) {
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	r := reply{Status: response.StatusCode, Header: response.Header, Text: string(text)}
	if len(bytes.TrimSpace(text)) > 0 && response.Header.Get("Content-Type") == "application/json" {
		err = errors.Join(err, json.Unmarshal(text, &r))
	}
	return r, err
}

// view is a valid page_view of a session, with an id.
func view(session, id string) string {
	return `{"event_id":"` + id + `","event_type":"page_view","timestamp":"2026-11-20T11:59:00Z","session_id":"` + session + `",` +
		`"context":{"ip":"203.0.113.77","user_agent":"Firefox","page_url":"https://shop.example/","device_type":"mobile","os":"Android","browser":"Chrome"},` +
		`"properties":{"page_type":"home"}}`
}

func newID() string { return uuid.NewString() }

// eventually waits for what comes by itself.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !holds(); time.Sleep(2 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("never came: %s", what)
		}
	}
}

// debugLog writes everything there is.
func debugLog(w io.Writer) *slog.Logger {
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: slog.LevelDebug}))
}

func newGet(url string) (*http.Request, error) { return http.NewRequest(http.MethodGet, url, nil) }

// lateOnce is a broker that finds a producer's batches too old.
type lateOnce struct{ *memory }

func (l *lateOnce) Append(ctx context.Context, b broker.Batch) error {
	if b.Producer == "old" {
		return broker.ErrLate
	}
	return l.memory.Append(ctx, b)
}
