package brokertest

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
)

// eventBytes is the size of a typical event.
const eventBytes = 713

// Bench measures appending and reading, one, 100 and 300 events a message, on four
// partitions.
func Bench(b *testing.B, s Subject) {
	for _, events := range []int{1, 100, 300} {
		for _, underWay := range []int{1, 32} {
			b.Run(fmt.Sprintf("append/events=%d/under_way=%d", events, underWay), func(b *testing.B) {
				benchAppend(b, s, events, underWay)
			})
		}
		b.Run(fmt.Sprintf("own/events=%d/payloads=16", events), func(b *testing.B) { benchOwn(b, s, events) })
		b.Run(fmt.Sprintf("read/events=%d", events), func(b *testing.B) { benchRead(b, s, events) })
		b.Run(fmt.Sprintf("read/events=%d/readers=3", events), func(b *testing.B) { benchReaders(b, s, events) })
	}
}

// report turns messages into events and bytes per second.
func report(b *testing.B, messages, events int) {
	seconds := b.Elapsed().Seconds()
	b.ReportMetric(float64(messages)/seconds, "messages/s")
	b.ReportMetric(float64(messages*events)/seconds, "events/s")
	b.ReportMetric(float64(messages*events*eventBytes)/1e6/seconds, "MB/s")
}

const benchPartitions = 4

// spread appends n messages by so many writers a partition, each waiting for the
// confirmation of its last.
func spread(b testing.TB, c Conn, topic string, n, events, writers int) {
	body := noise(events * eventBytes)
	p := broker.NewProducer(c, topic)
	var g sync.WaitGroup
	for partition := range benchPartitions {
		for range writers {
			g.Go(func() {
				for range n / benchPartitions / writers {
					if !appendSurely(b, p, p.Batch(partition, body, events)) {
						return
					}
				}
			})
		}
	}
	g.Wait()
}

// batchOf is how many messages one iteration is.
func batchOf(events int) int { return 51_200 / events / 4 * 4 }

func benchAppend(b *testing.B, s Subject, events, underWay int) {
	c := s.connect(b, s.Addr)
	topic := s.topic(b, c, benchPartitions, broker.Retention{})
	n := batchOf(events) / (benchPartitions * underWay) * benchPartitions * underWay
	for b.Loop() {
		spread(b, c, topic.Name, n, events, underWay)
	}
	report(b, n*b.N, events)
}

func benchOwn(b *testing.B, s Subject, events int) {
	c := s.connect(b, s.Addr)
	topic := s.topic(b, c, 1, broker.Retention{})
	o := claim(b, c, topic.Name)
	many := make([]broker.Payload, 16)
	for i := range many {
		many[i] = broker.Payload{Body: noise(events * eventBytes), Count: events}
	}
	n := batchOf(events) / len(many)
	for b.Loop() {
		for range n {
			if err := o.Append(soon(b), many...); err != nil {
				b.Fatal(err)
			}
		}
	}
	report(b, n*len(many)*b.N, events)
}

func benchRead(b *testing.B, s Subject, events int) {
	c := s.connect(b, s.Addr)
	topic := s.topic(b, c, benchPartitions, broker.Retention{})
	n := batchOf(events)
	spread(b, c, topic.Name, n, events, 4)
	for b.Loop() {
		readAll(b, c, topic.Name, n, 1)
	}
	report(b, n*b.N, events)
}

// readAll reads a topic to its end, each partition with so many readers at once.
func readAll(b *testing.B, c Conn, topic string, n, readers int) {
	var g sync.WaitGroup
	for i := range benchPartitions * readers {
		g.Go(func() {
			r, err := broker.Read(soon(b), c, topic, broker.Progress{Partition: i % benchPartitions}, quiet())
			if err != nil {
				b.Error(err)
				return
			}
			defer r.Close()
			for range n / benchPartitions / 4 * 4 {
				if _, err := r.Next(b.Context()); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	g.Wait()
}

// benchReaders reads each partition with three readers: together, and each by itself.
// xapart is the time of the latter divided by that of the former, and xapart-bytes
// the same of the bytes that the process allocates.
func benchReaders(b *testing.B, s Subject, events int) {
	const readers = 3
	apart, together := s.connect(b, s.Addr), s.FannedOut().connect(b, s.Addr)
	topic := s.topic(b, apart, benchPartitions, broker.Retention{})
	n := batchOf(events)
	spread(b, apart, topic.Name, n, events, 4)
	var took [2]time.Duration
	var allocated [2]uint64
	for b.Loop() {
		for i, c := range []Conn{together, apart} {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			began := time.Now()
			readAll(b, c, topic.Name, n, readers)
			took[i] += time.Since(began)
			runtime.ReadMemStats(&after)
			allocated[i] += after.TotalAlloc - before.TotalAlloc
		}
	}
	b.ReportMetric(float64(n*b.N*events)/took[0].Seconds(), "events/s")
	b.ReportMetric(took[1].Seconds()/took[0].Seconds(), "xapart")
	b.ReportMetric(float64(allocated[1])/float64(allocated[0]), "xapart-bytes")
}
