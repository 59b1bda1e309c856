package postgres_test

import (
	"encoding/binary"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// storeOf spreads ids as real ones are.
func storeOf(n int) (id event.ID) {
	binary.BigEndian.PutUint64(id[:], uint64(n)*0x9e3779b97f4a7c15)
	id[15] = 1
	return id
}

// updates are n of product windows, as one revision leaves them.
func updates(n int, revision uint64, sketch []byte) *record.Publication {
	p := &record.Publication{Updates: make([]record.Update, n)}
	for i := range p.Updates {
		p.Updates[i] = record.Update{
			Window: record.Window{By: record.ByProduct, Start: noon.Unix(), StoreID: storeOf(i % 100), ProductID: storeOf(i)},
			Counts: counts(revision), Revision: revision, Visitors: sketch,
		}
	}
	return p
}

// BenchmarkApply writes windows that are new and that are there already, without
// sketches and with, by one partition and by two at once; and sessions.
func BenchmarkApply(b *testing.B) {
	const rows = 5000
	for _, c := range []struct{ partitions, sketch int }{{1, 0}, {2, 0}, {2, 500}, {2, 12304}} {
		b.Run(fmt.Sprintf("windows/partitions=%d/sketch=%d", c.partitions, c.sketch), func(b *testing.B) {
			measure(b, c.partitions, func(call uint64) *record.Publication {
				// The same rows ten times each, then new ones.
				p := updates(rows, call, make([]byte, c.sketch)[:c.sketch:c.sketch])
				for i := range p.Updates {
					p.Updates[i].Start += int64(call/10) * 60
					if c.sketch == 0 {
						p.Updates[i].Visitors = nil
					}
				}
				return p
			}, rows)
		})
	}
	b.Run("sessions/partitions=2", func(b *testing.B) {
		measure(b, 2, func(call uint64) *record.Publication {
			p := &record.Publication{Sessions: make([]record.Session, rows)}
			for i := range p.Sessions {
				p.Sessions[i] = record.Session{
					SessionID: storeOf(i + rows*int(call/10)), StartedAt: noon, EndedAt: noon.Add(time.Minute), Revision: call, Events: 9,
					EntryURL: "https://shop.example/products/9", ExitURL: "https://shop.example/cart", OS: "iOS", Browser: "Safari", Stores: []event.ID{id(1)},
				}
			}
			return p
		}, rows)
	})
}

// BenchmarkBegun writes sessions that begin, into a table that has many.
func BenchmarkBegun(b *testing.B) {
	const rows, there = 5000, 3_000_000
	p := open(b, time.UTC)
	p.fill(b, there)
	b.ResetTimer()
	begin := func(call uint64) *record.Publication {
		p := &record.Publication{Sessions: make([]record.Session, rows)}
		for i := range p.Sessions {
			at := noon.Add(time.Duration(call)*time.Second + time.Duration(i)*time.Second/rows)
			p.Sessions[i] = record.Session{
				SessionID: storeOf(i + rows*int(call)), StartedAt: at, EndedAt: at, Revision: call, Events: 1,
				EntryURL: "https://shop.example/products/9", ExitURL: "https://shop.example/cart", OS: "iOS", Browser: "Safari", Stores: []event.ID{id(1)},
			}
		}
		return p
	}
	for call := uint64(1); b.Loop(); call++ {
		if err := p.Apply(b.Context(), at(0, call-1), at(0, call), []*record.Publication{begin(call)}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*rows)/b.Elapsed().Seconds(), "inserts/s")
}

// fill has so many sessions before noon.
func (p place) fill(b *testing.B, sessions int) {
	err := p.db.Tx(b.Context(), func(tx pgx.Tx) error {
		_, err := tx.Exec(b.Context(), `INSERT INTO tiendi.live_sessions
			SELECT gen_random_uuid(), at, at, null, false, false, 1, 1, 'https://shop.example/products/9', 'https://shop.example/cart', 'mobile', 'iOS', 'Safari', 'MX', 'search',
				array[gen_random_uuid()], true, false, false, false, false, false, true, false, 1, 0, 1
			FROM (SELECT $1::timestamptz - n * interval '1 millisecond' AS at FROM generate_series($2::int, 1, -1) AS n) times`, noon, sessions)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
}

func measure(b *testing.B, partitions int, make func(call uint64) *record.Publication, rows int) {
	p := open(b, time.UTC)
	call := uint64(0)
	for b.Loop() {
		call++
		var g sync.WaitGroup
		for partition := range partitions {
			one := make(call)
			for i := range one.Sessions {
				one.Sessions[i].SessionID[14] = byte(partition)
			}
			g.Go(func() {
				if err := p.Apply(b.Context(), at(partition, call-1), at(partition, call), []*record.Publication{one}); err != nil {
					b.Error(err)
				}
			})
		}
		g.Wait()
	}
	b.ReportMetric(float64(b.N*partitions*rows)/b.Elapsed().Seconds(), "upserts/s")
}
