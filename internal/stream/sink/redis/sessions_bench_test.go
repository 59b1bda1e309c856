package redis

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

const benchSessions = 1500 // to one Apply

// visits makes the publications of one partition's sessions: two in three begin, and the
// others come to another store.
func visits(partition, publications int) (list []*record.Publication) {
	rng, open := rand.New(rand.NewPCG(2, uint64(partition))), []record.Session(nil)
	for n := range publications {
		at := time.Unix(1795132800+int64(n), 0)
		p := &record.Publication{Watermark: at, Sessions: make([]record.Session, benchSessions)}
		for i := range p.Sessions {
			s := record.Session{SessionID: anyID(partition, n, i), StartedAt: at, Stores: []event.ID{anyID(rng.IntN(benchStores))}}
			if len(open) > 0 && i%3 == 0 {
				s = open[rng.IntN(len(open))]
				s.Stores = []event.ID{s.Stores[0], anyID(rng.IntN(benchStores))}
			}
			s.EndedAt, s.Revision = at.Add(time.Duration(rng.IntN(1000))*time.Millisecond), uint64(n)
			p.Sessions[i] = s
		}
		list, open = append(list, p), p.Sessions
	}
	return list
}

// BenchmarkSessions measures what a session that is published costs Redis and this
// process.
func BenchmarkSessions(b *testing.B) {
	logs := make([][]*record.Publication, benchPartitions)
	for p := range logs {
		logs[p] = visits(p, 20)
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
