package redis

import (
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sketch"
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
	visitors map[record.Window]sketch.Sketch
	revision uint64
	start    int64
}

func (s *shop) publication() *record.Publication {
	s.revision++
	p := &record.Publication{Watermark: time.Unix(s.start+int64(s.revision)*2, 0)}
	for len(p.Updates) < benchUpdates {
		store := s.rng.IntN(benchStores)
		w := record.Window{Grain: record.Day, Start: s.start, StoreID: anyID(store)}
		switch s.rng.IntN(8) {
		case 0:
			w.Grain, w.Start = record.Minute, s.start+int64(s.revision)*2/60*60
		case 1, 2:
			w.By, w.Source = record.ByStoreSource, fmt.Sprint("source", s.rng.IntN(8))
		case 3, 4, 5, 6:
			w.By, w.ProductID = record.ByProduct, anyID(store, s.rng.IntN(60))
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
		u := record.Update{Window: w, Counts: c, Revision: s.revision}
		if visitors := s.visitors[w]; s.rng.IntN(8) == 0 {
			for range 40 {
				visitors.Add(s.rng.Uint64())
			}
			s.visitors[w] = visitors
			u.Visitors = visitors.AppendRedis(nil)
		}
		p.Updates = append(p.Updates, u)
	}
	return p
}

// anyID gives an identifier whose digits are as good as random, as real ones are:
// what hashes a part of them would find made up ones alike.
func anyID(of ...int) (id event.ID) {
	sum := sha256.Sum256(fmt.Append(nil, of))
	copy(id[:], sum[:])
	return id
}

// BenchmarkApply measures window updates a second through the target, and through
// a pipeline that adds what changed with HINCRBY, without positions, revisions,
// indexes or lives of keys; and what either costs Redis and this process.
func BenchmarkApply(b *testing.B) {
	logs := make([][]*record.Publication, benchPartitions)
	for p := range logs {
		s := &shop{rand.New(rand.NewPCG(1, uint64(p))), map[record.Window]record.Counts{}, map[record.Window]sketch.Sketch{}, 0, 1795132800}
		for range 10 {
			logs[p] = append(logs[p], s.publication())
		}
	}
	target, ctx := start(b), context.Background()
	var naive, ours cost
	for b.Loop() {
		target.client.FlushAll(ctx)
		naive.add(b, target.client, func() { eachPartition(b, logs, addUp(target.client)) })
		target.client.FlushAll(ctx)
		ours.add(b, target.client, func() { eachPartition(b, logs, applyEach(ctx, target)) })
	}
	updates := float64(b.N * benchPartitions * len(logs[0]) * benchUpdates)
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(naive.wall/ours.wall, "times-naive")
	ours.report(b, updates, "")
	naive.report(b, updates, "naive-")
}

// eachPartition does something with all partitions at once.
func eachPartition(b *testing.B, logs [][]*record.Publication, do func(int, []*record.Publication) error) {
	b.Helper()
	var group sync.WaitGroup
	for p, publications := range logs {
		group.Go(func() {
			if err := do(p, publications); err != nil {
				b.Error(err)
			}
		})
	}
	group.Wait()
}

// addUp is the naive way: it remembers the last counts and sends differences.
func addUp(client *goredis.Client) func(int, []*record.Publication) error {
	return func(_ int, publications []*record.Publication) error {
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

// applyEach gives the target a partition's publications, one to each Apply.
func applyEach(ctx context.Context, target *Target) func(p int, publications []*record.Publication) error {
	return func(p int, publications []*record.Publication) error {
		for n, publication := range publications {
			if err := target.Apply(ctx, progress(p, uint64(n)), progress(p, uint64(n)+1), []*record.Publication{publication}); err != nil {
				return err
			}
		}
		return nil
	}
}
