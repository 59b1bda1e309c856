package bench

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/broker/rabbitmq"
	"github.com/tiendi/tiendi/internal/broker/rabbitmq/rabbitmqtest"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// collectorSeconds is how long either side of BenchmarkCollector sends.
const collectorSeconds = 15

// BenchmarkCollector has a crowd send as fast as a collector accepts, and then sends
// batches as large as the collector's were, to as many partitions, one at a time in
// each, as fast as the same broker confirms them: the collector has the second and
// HTTP, JSON and the contract besides, on the same processors.
func BenchmarkCollector(b *testing.B) {
	node := rabbitmqtest.Run(b)
	shop := newShop(b, &warehouse.Config{Addrs: []string{"127.0.0.1:1"}}) // a collector needs none
	listen, spool := freeAddr(b), b.TempDir()
	c := newService(b, "collector", func() *exec.Cmd {
		cmd := shop.command(context.Background(), "collect", "--listen", listen, "--spool", spool)
		cmd.Env = append(os.Environ(), "TIENDI_BROKER_PARTITIONS="+strconv.Itoa(pipelinePartitions), "TIENDI_BROKER_URL="+node.Config().URL)
		return cmd
	})
	if err := c.start(); err != nil {
		b.Fatal(err)
	}
	crowd := newCrowd(b)
	crowd.url = "http://" + listen
	crowd.begin(b)
	for b.Loop() {
		accepted, batches := crowd.accepted.Load(), published(b, crowd.url)
		ctx, stop := context.WithTimeout(b.Context(), collectorSeconds*time.Second)
		began := time.Now()
		if err := crowd.send(ctx, 0); err != nil {
			b.Fatal(err)
		}
		stop()
		accepted = crowd.accepted.Load() - accepted
		ours := float64(accepted) / time.Since(began).Seconds()
		size := int(float64(accepted) / (published(b, crowd.url) - batches))
		confirmed := confirms(b, node, crowd, size)
		scores.tell(b, ours, "accepted-events/s")
		scores.tell(b, float64(size), "events-a-batch")
		scores.tell(b, confirmed, "confirmed-events/s")
		scores.atLeast(b, ours/confirmed, 0.8, "of-confirmed", "")
	}
}

// begin waits until the collector accepts something.
func (c *crowd) begin(b *testing.B) {
	b.Helper()
	for late := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		err := c.feeders[0].feedOnce()
		if err == nil {
			return
		}
		if time.Now().After(late) {
			b.Fatal(err)
		}
	}
}

// published is how many batches of events the broker has confirmed to the collector.
func published(b *testing.B, url string) float64 {
	b.Helper()
	at, err := readMetrics(url)
	if err != nil {
		b.Fatal(err)
	}
	return at.total("tiendi_collect_publish_duration_seconds_count")
}

// confirms is how many events a second a broker confirms in batches of so many.
func confirms(b *testing.B, node *rabbitmqtest.Node, c *crowd, size int) float64 {
	b.Helper()
	driver, err := rabbitmq.Connect(node.Config(), slog.New(slog.DiscardHandler))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = driver.Close() }()
	topic := broker.Topic{Name: "bench." + uuid.NewString(), Partitions: pipelinePartitions}
	if err := driver.Declare(b.Context(), topic); err != nil {
		b.Fatal(err)
	}
	batch := bytes.Join(linesOf(c, size), nil)
	producer := broker.NewProducer(driver, topic.Name)
	ctx, stop := context.WithTimeout(b.Context(), collectorSeconds*time.Second)
	defer stop()
	var sent atomic.Int64
	var group sync.WaitGroup
	began := time.Now()
	for partition := range pipelinePartitions {
		group.Go(func() {
			for ctx.Err() == nil {
				if err := producer.Append(b.Context(), producer.Batch(partition, batch, size)); err != nil {
					b.Error(err)
					return
				}
				sent.Add(int64(size))
			}
		})
	}
	group.Wait()
	return float64(sent.Load()) / time.Since(began).Seconds()
}

// linesOf gives so many events of a crowd.
func linesOf(c *crowd, n int) (lines [][]byte) {
	for len(lines) < n {
		for _, body := range c.feeders[0].bodies {
			lines = append(lines, bytes.SplitAfter(body.text, []byte("\n"))[:len(body.pages)]...)
		}
	}
	return lines[:n]
}
