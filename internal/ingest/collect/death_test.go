package collect

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/broker/embedded"
	"github.com/tiendi/tiendi/internal/chaos"
	"github.com/tiendi/tiendi/internal/event"
)

// collectorRole makes the test binary a collector that is killed.
const collectorRole = "collector-under-test"

func TestMain(m *testing.M) {
	if len(os.Args) == 6 && os.Args[1] == collectorRole {
		if err := collectorProcess(os.Args[2], os.Args[3], os.Args[4], os.Args[5]); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

const deathPartitions = 4

func topics() []broker.Topic {
	return []broker.Topic{{Name: "analytics.raw", Partitions: deathPartitions}, {Name: "analytics.rejected", Partitions: 1}}
}

// collectorProcess serves on an address until it is killed.
func collectorProcess(listen, spool, addr, token string) error {
	ctx := context.Background()
	b, err := embedded.Connect(embedded.Config{Addr: addr, Token: token}, quiet())
	if err != nil {
		return err
	}
	schemas, err := event.NewRegistry(nil, "")
	if err != nil {
		return err
	}
	limits := DefaultLimits()
	limits.ConfirmTimeout = time.Second
	c, err := New(Options{
		Registry: schemas,
		Events:   Topic{Name: "analytics.raw", Partitions: deathPartitions, Log: broker.NewProducer(b, "analytics.raw")},
		Rejected: Topic{Name: "analytics.rejected", Partitions: 1, Log: broker.NewProducer(b, "analytics.rejected")},
		Limits:   limits, SpoolDir: spool, Now: time.Now,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Metrics: prometheus.NewRegistry(),
	})
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	fmt.Println("listening", listener.Addr())
	return c.Run(ctx, listener)
}

// victim is a collector that is killed and started again at the same address.
type victim struct {
	t            *testing.T
	listen, dir  string
	broker       embedded.Config
	process      *exec.Cmd
	startedTimes int
}

func (v *victim) start() {
	v.process = exec.Command(os.Args[0], collectorRole, v.listen, v.dir, v.broker.Addr, v.broker.Token)
	out, err := v.process.StdoutPipe()
	if err != nil {
		v.t.Fatal(err)
	}
	if err := v.process.Start(); err != nil {
		v.t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	addr, ok := strings.CutPrefix(strings.TrimSpace(line), "listening ")
	if !ok {
		v.t.Fatalf("the collector says %q, %v", line, err)
	}
	v.listen = addr
	v.startedTimes++
}

func (v *victim) kill() {
	_ = v.process.Process.Kill()
	_ = v.process.Wait()
}

// ledger is what clients were answered 202 for.
type ledger struct {
	mu       sync.Mutex
	sessions map[string][]string // events, in the order in which they were taken
	rejected []string
}

// send posts small batches, one in ten events refused, until it is told to end.
// What fails is sent again, as a client does.
func (l *ledger) send(ctx context.Context, addr string, trouble *atomic.Int64) {
	client := &http.Client{Timeout: 10 * time.Second}
	session := newID()
	for ctx.Err() == nil {
		var ids, bad []string
		var body strings.Builder
		for i := range 1 + rand.IntN(20) {
			id := newID()
			if i%10 == 9 {
				bad = append(bad, id)
				body.WriteString(strings.Replace(view(session, id), "page_view", "page_vew", 1) + "\n")
				continue
			}
			ids = append(ids, id)
			body.WriteString(view(session, id) + "\n")
		}
		for ctx.Err() == nil {
			response, err := client.Post("http://"+addr+"/v1/events", "application/x-ndjson", strings.NewReader(body.String()))
			if err == nil {
				_, _ = io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
				if response.StatusCode == http.StatusAccepted {
					l.mu.Lock()
					l.sessions[session], l.rejected = append(l.sessions[session], ids...), append(l.rejected, bad...)
					l.mu.Unlock()
					break
				}
			}
			trouble.Add(1)
			time.Sleep(20 * time.Millisecond)
		}
	}
}

// TestDeathLosesNothing kills the collector and stops the broker at random while
// clients send, and holds what clients were answered against the log.
func TestDeathLosesNothing(t *testing.T) {
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Second)
	defer cancel()
	dir := t.TempDir()
	server := startBroker(t, ctx, embedded.ServerOptions{Dir: dir + "/broker", Log: quiet()})
	again := embedded.ServerOptions{Dir: dir + "/broker", Port: portOf(t, server.Config().Addr), Token: server.Config().Token, Log: quiet()}
	b := declared(t, ctx, server.Config())
	v := &victim{t: t, listen: "127.0.0.1:0", dir: dir + "/spool", broker: server.Config()}
	v.start()
	t.Cleanup(v.kill)

	book := ledger{sessions: map[string][]string{}}
	var trouble atomic.Int64
	var clients sync.WaitGroup
	sending, stop := context.WithCancel(ctx)
	for range 6 {
		clients.Go(func() { book.send(sending, v.listen, &trouble) })
	}
	for round := range chaos.Rounds(t, 8) {
		time.Sleep(time.Duration(100+rand.IntN(400)) * time.Millisecond)
		if round%2 == 1 {
			server.Stop()
			time.Sleep(time.Duration(100+rand.IntN(700)) * time.Millisecond)
		}
		if round%4 == 3 {
			v.kill() // with a spool that holds something
			server = startBroker(t, ctx, again)
			v.start()
			continue
		}
		if round%2 == 1 {
			server = startBroker(t, ctx, again)
			continue
		}
		v.kill()
		v.start()
	}
	time.Sleep(300 * time.Millisecond)
	stop()
	clients.Wait()
	eventually(t, "an empty spool", func() bool {
		return strings.Contains(get(t, "http://"+v.listen+"/metrics").Text, "\ntiendi_collect_spool_records 0\n")
	})
	events, rejects := placesIn(t, ctx, b, topics()[0]), placesIn(t, ctx, b, topics()[1])
	book.compare(t, events, rejects)
	t.Logf("%d requests failed, %d starts", trouble.Load(), v.startedTimes)
	if trouble.Load() == 0 {
		t.Error("nothing much happened")
	}
	server.Stop()
}

// compare holds that all that was answered is there, each session in its order:
// an event is sent again only before the next one is sent at all.
func (l *ledger) compare(t *testing.T, events, rejects map[string][]int) {
	t.Helper()
	answered, lost, twice, astray := 0, 0, 0, 0
	for _, ids := range l.sessions {
		last := -1
		for _, id := range ids {
			answered++
			places := events[id]
			if len(places) == 0 {
				lost++
				continue
			}
			if places[0] < last {
				astray++
			}
			last, twice = places[0], twice+len(places)-1
		}
	}
	for _, id := range l.rejected {
		if len(rejects[id]) == 0 {
			lost++
		}
	}
	t.Logf("%d events and %d rejects answered, %d in the log again", answered, len(l.rejected), twice)
	if lost > 0 || astray > 0 || answered < 500 {
		t.Errorf("%d are not in the log, %d are before their time", lost, astray)
	}
}

func startBroker(t *testing.T, ctx context.Context, o embedded.ServerOptions) *embedded.Server {
	t.Helper()
	server, err := embedded.Start(ctx, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	return server
}

func portOf(t *testing.T, addr string) int {
	t.Helper()
	resolved, err := net.ResolveTCPAddr("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	return resolved.Port
}

func declared(t *testing.T, ctx context.Context, config embedded.Config) broker.Broker {
	t.Helper()
	b, err := embedded.Connect(config, quiet())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = b.Close() })
	for _, topic := range topics() {
		if err := b.Declare(ctx, topic); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// placesIn says where event ids stand in a topic, as a reader gets them.
func placesIn(t *testing.T, ctx context.Context, b broker.Broker, topic broker.Topic) map[string][]int {
	t.Helper()
	places, at := map[string][]int{}, 0
	for p := range topic.Partitions {
		log, err := b.Open(ctx, topic.Name, p)
		if err != nil {
			t.Fatal(err)
		}
		bounds, err := log.Bounds(ctx)
		if err != nil {
			t.Fatal(err)
		}
		r, err := broker.Read(ctx, b, topic.Name, broker.Progress{Partition: p}, quiet())
		if err != nil {
			t.Fatal(err)
		}
		reading, cancel := context.WithTimeout(ctx, 2*time.Second)
		for r.Progress().Next < bounds.Next {
			record, err := r.Next(reading)
			if err != nil {
				break // what is left was dropped as doubled
			}
			for line := range strings.Lines(string(record.Body)) {
				_, rest, _ := strings.Cut(line, `event_id`)
				id := strings.TrimLeft(rest, `\":`)[:36]
				places[id], at = append(places[id], at), at+1
			}
		}
		cancel()
		r.Close()
	}
	return places
}
