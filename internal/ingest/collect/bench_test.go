package collect

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/broker/embedded"
)

const (
	benchPartitions = 8
	benchClients    = 16
)

// counted is a producer that remembers the sizes of its batches.
type counted struct {
	*broker.Producer
	mu     sync.Mutex
	bodies [][]byte
	counts []int
}

func (c *counted) Append(ctx context.Context, b broker.Batch) error {
	c.mu.Lock()
	c.bodies, c.counts = append(c.bodies, b.Body), append(c.counts, b.Count)
	c.mu.Unlock()
	return c.Producer.Append(ctx, b)
}

// BenchmarkCollector sends requests over HTTP into a real log, and then appends
// the very batches that the collector made of them, as fast as the broker takes
// them from one goroutine a partition. ratio is the first by the second.
func BenchmarkCollector(b *testing.B) {
	for _, events := range []int{1, 100} {
		b.Run(fmt.Sprintf("events=%d", events), func(b *testing.B) { benchCollector(b, events) })
	}
}

func benchCollector(b *testing.B, events int) {
	log := benchBroker(b)
	producer := &counted{Producer: broker.NewProducer(log, "analytics.raw")}
	s := open(b, func(o *Options) {
		o.Events = Topic{Name: "analytics.raw", Partitions: benchPartitions, Log: producer}
	})
	bodies := benchBodies(events)
	var next atomic.Int64
	var failed atomic.Int64
	took := make([][]time.Duration, benchClients)
	b.ResetTimer()
	began, spent := time.Now(), processorTime(b)
	var clients sync.WaitGroup
	for i := range benchClients {
		clients.Go(func() {
			client := &http.Client{Transport: &http.Transport{}}
			for n := next.Add(1); n <= int64(b.N); n = next.Add(1) {
				sent := time.Now()
				if err := benchPost(client, s.url, bodies[n%int64(len(bodies))]); err != nil {
					failed.Add(1)
				}
				took[i] = append(took[i], time.Since(sent))
			}
		})
	}
	clients.Wait()
	collected := time.Since(began)
	b.StopTimer()
	spent = processorTime(b) - spent
	if failed.Load() > 0 {
		b.Fatalf("%d of %d requests failed", failed.Load(), b.N)
	}
	bare := benchBare(b, log, producer)
	b.ReportMetric(float64(b.N)/collected.Seconds(), "requests/s")
	b.ReportMetric(float64(b.N*events)/collected.Seconds(), "events/s")
	b.ReportMetric(float64(b.N*events)/float64(len(producer.counts)), "events/batch")
	b.ReportMetric(bare.Seconds()/collected.Seconds(), "ratio")
	b.ReportMetric(float64(spent.Microseconds())/float64(b.N*events), "cpu-µs/event")
	b.ReportMetric(percentile(took, 99).Seconds()*1000, "p99-ms")
}

// processorTime is what this process has used: client, collector and broker.
func processorTime(b *testing.B) time.Duration {
	b.Helper()
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func benchBroker(b *testing.B) broker.Broker {
	b.Helper()
	ctx := context.Background()
	server, err := embedded.Start(ctx, embedded.ServerOptions{Dir: b.TempDir(), Log: quiet()})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(server.Stop)
	log, err := embedded.Connect(server.Config(), quiet())
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = log.Close() })
	for _, name := range []string{"analytics.raw", "bare"} {
		if err := log.Declare(ctx, broker.Topic{Name: name, Partitions: benchPartitions}); err != nil {
			b.Fatal(err)
		}
	}
	return log
}

func benchBodies(events int) [][]byte {
	bodies := make([][]byte, 64)
	for i := range bodies {
		var body strings.Builder
		session := newID()
		for n := range events {
			if n%10 == 0 {
				session = newID()
			}
			line := strings.Replace(view(session, newID()), `"page_type":"home"`, `"page_type":"store","store_id":"bf13ffa7-2887-51d2-b11d-d3d2acbb9102","category":"hogar y cocina"`, 1)
			body.WriteString(strings.Replace(line, "Firefox", "Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36", 1) + "\n")
		}
		bodies[i] = []byte(body.String())
	}
	return bodies
}

func benchPost(client *http.Client, url string, body []byte) error {
	request, err := http.NewRequest(http.MethodPost, url+"/v1/events", bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer web-key")
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, response.Body)
	if response.StatusCode != http.StatusAccepted {
		err = errors.New(response.Status)
	}
	return errors.Join(err, response.Body.Close())
}

// benchBare appends the same batches to another topic.
func benchBare(b *testing.B, log broker.Broker, made *counted) time.Duration {
	b.Helper()
	producer := broker.NewProducer(log, "bare")
	var lanes sync.WaitGroup
	began := time.Now()
	for p := range benchPartitions {
		lanes.Go(func() {
			for i := p; i < len(made.bodies); i += benchPartitions {
				if err := producer.Append(context.Background(), producer.Batch(p, made.bodies[i], made.counts[i])); err != nil {
					b.Error(err)
				}
			}
		})
	}
	lanes.Wait()
	return time.Since(began)
}

func percentile(took [][]time.Duration, p int) time.Duration {
	var all []time.Duration
	for _, some := range took {
		all = append(all, some...)
	}
	sort.Slice(all, func(i, j int) bool { return all[i] < all[j] })
	return all[len(all)*p/100]
}
