package redis

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

const benchSessions = 1500 // that begin or end between two publications of a partition

// crowds makes the publications of one partition's numbers of live sessions.
func crowds(partition, publications int) (list []*record.Publication) {
	rng, open := rand.New(rand.NewPCG(2, uint64(partition))), map[event.ID]uint64{}
	for n := range publications {
		p := &record.Publication{Watermark: time.Unix(1795132800+int64(n), 0)}
		changed := map[event.ID]bool{}
		for range benchSessions {
			for _, store := range []event.ID{{}, anyID(rng.IntN(benchStores))} {
				open[store]++
				changed[store] = true
			}
		}
		for store := range changed {
			p.Live = append(p.Live, record.Live{StoreID: store, Sessions: open[store]})
		}
		list = append(list, p)
	}
	return list
}

// BenchmarkSessions measures what a session that begins costs Redis and this
// process.
func BenchmarkSessions(b *testing.B) {
	logs := make([][]*record.Publication, benchPartitions)
	for p := range logs {
		logs[p] = crowds(p, 20)
	}
	target, ctx := start(b), context.Background()
	var ours cost
	for b.Loop() {
		target.client.FlushAll(ctx)
		ours.add(b, target.client, func() { eachPartition(b, logs, applyEach(ctx, target)) })
	}
	b.ReportMetric(0, "ns/op")
	ours.report(b, float64(b.N*benchPartitions*len(logs[0])*benchSessions), "")
}
