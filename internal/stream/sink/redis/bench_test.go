package redis

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

const (
	benchPartitions = 4
	benchUpdates    = 5000 // to one Apply
	benchStores     = 300
)

// shop makes the publications of one partition: each publishes the windows that
// changed in a second of a marketplace.
type shop struct {
	rng      *rand.Rand
	counts   map[record.Window]record.Counts
	revision uint64
	start    int64
}

func (s *shop) publication() *record.Publication {
	s.revision++
	p := &record.Publication{Watermark: time.Unix(s.start+int64(s.revision)*2, 0)}
	for len(p.Updates) < benchUpdates {
		var store event.ID
		binary.BigEndian.PutUint32(store[8:], 1+uint32(s.rng.IntN(benchStores)))
		w := record.Window{Grain: record.Day, Start: s.start, StoreID: store}
		switch s.rng.IntN(8) {
		case 0:
			w.Grain, w.Start = record.Minute, s.start+int64(s.revision)*2/60*60
		case 1, 2:
			w.By, w.Source = record.ByStoreSource, fmt.Sprint("source", s.rng.IntN(8))
		case 3, 4, 5, 6:
			w.By = record.ByProduct
			binary.BigEndian.PutUint32(w.ProductID[8:], uint32(s.rng.IntN(60)))
		}
		c := s.counts[w]
		c.Views += 1 + s.rng.Uint64N(5)
		if s.rng.IntN(10) == 0 {
			c.Carts++
		}
		if s.rng.IntN(40) == 0 {
			c.Purchases, c.Units, c.Revenue = c.Purchases+1, c.Units+2, c.Revenue+12345
		}
		s.counts[w] = c
		p.Updates = append(p.Updates, record.Update{Window: w, Counts: c, Revision: s.revision})
	}
	return p
}

// BenchmarkApply measures window updates a second through the script, and through
// a pipeline that adds what changed with HINCRBY, without positions, revisions,
// indexes or lives of keys.
func BenchmarkApply(b *testing.B) {
	logs := make([][]*record.Publication, benchPartitions)
	for p := range logs {
		s := &shop{rand.New(rand.NewPCG(1, uint64(p))), map[record.Window]record.Counts{}, 0, 1795132800}
		for range 10 {
			logs[p] = append(logs[p], s.publication())
		}
	}
	target := start(b)
	naive, ours := 0.0, 0.0
	for b.Loop() {
		target.client.FlushAll(context.Background())
		naive += eachPartition(b, logs, func(int, uint64, *record.Publication) error { return nil }, addUp(target.client))
		target.client.FlushAll(context.Background())
		ours += eachPartition(b, logs, func(p int, n uint64, publication *record.Publication) error {
			return target.Apply(context.Background(), progress(p, n), progress(p, n+1), []*record.Publication{publication})
		}, nil)
	}
	updates := float64(b.N * benchPartitions * len(logs[0]) * benchUpdates)
	b.ReportMetric(updates/ours, "updates/s")
	b.ReportMetric(updates/naive, "naive/s")
	b.ReportMetric(naive/ours, "times-naive")
}

// eachPartition gives the seconds that all partitions take at once.
func eachPartition(b *testing.B, logs [][]*record.Publication, step func(int, uint64, *record.Publication) error, all func([]*record.Publication) error) float64 {
	b.Helper()
	begin := time.Now()
	var group sync.WaitGroup
	for p, publications := range logs {
		group.Go(func() {
			for n, publication := range publications {
				if err := step(p, uint64(n), publication); err != nil {
					b.Error(err)
				}
			}
			if all != nil {
				if err := all(publications); err != nil {
					b.Error(err)
				}
			}
		})
	}
	group.Wait()
	return time.Since(begin).Seconds()
}

// addUp is the naive way: it remembers the last counts and sends differences.
func addUp(client *goredis.Client) func([]*record.Publication) error {
	return func(publications []*record.Publication) error {
		ctx, last := context.Background(), map[record.Window]record.Counts{}
		for _, publication := range publications {
			pipe := client.Pipeline()
			for i := range publication.Updates {
				u := &publication.Updates[i]
				addOne(ctx, pipe, keyOf(u.Window), last[u.Window], u.Counts)
				last[u.Window] = u.Counts
				if pipe.Len() >= pieceItems {
					if _, err := pipe.Exec(ctx); err != nil {
						return err
					}
				}
			}
			if _, err := pipe.Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	}
}

func addOne(ctx context.Context, pipe goredis.Pipeliner, key string, old, now record.Counts) {
	for _, change := range [...]struct {
		field string
		by    int64
	}{
		{"views", int64(now.Views - old.Views)}, {"carts", int64(now.Carts - old.Carts)},
		{"purchases", int64(now.Purchases - old.Purchases)}, {"units", int64(now.Units - old.Units)},
		{"revenue", now.Revenue - old.Revenue},
	} {
		if change.by != 0 {
			pipe.HIncrBy(ctx, key, change.field, change.by)
		}
	}
}
