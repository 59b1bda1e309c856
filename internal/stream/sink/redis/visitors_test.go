package redis

import (
	"context"
	"fmt"
	"testing"

	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sketch"
)

// seen is a publication of a store's day with so many visitors, from a number on.
func seen(revision uint64, from, to int) *record.Publication {
	var s sketch.Sketch
	for n := from; n < to; n++ {
		s.Add(sketch.Hash(fmt.Append(nil, "visitor", n)))
	}
	return &record.Publication{Updates: []record.Update{{
		Window: record.Window{Grain: record.Day, StoreID: id(1)}, Counts: record.Counts{Views: revision},
		Revision: revision, Visitors: s.AppendRedis(nil),
	}}}
}

// TestVisitorsOfSeveralPartitions: whoever writes in between is not written over, and
// a reader, who leaves a count in the key, does no harm.
func TestVisitorsOfSeveralPartitions(t *testing.T) {
	target, ctx := start(t), context.Background()
	key, err := visitorsKey(target.zone, &seen(1, 0, 1).Updates[0].Window)
	if err != nil {
		t.Fatal(err)
	}
	count := func() int64 { return target.client.PFCount(ctx, key).Val() }
	apply(t, target, 0, 0, seen(1, 0, 10))
	apply(t, target, 1, 0, seen(1, 5, 15))
	if n := count(); n != 15 {
		t.Errorf("%d visitors of two partitions, want 15", n)
	}
	other := open(t, target.addr)
	applyScript.Load(ctx, target.client)
	target.client.AddHook(&between{n: 1, act: func() { apply(t, other, 2, 0, seen(1, 100, 110)) }})
	apply(t, target, 0, 1, seen(2, 0, 12))
	if n := count(); n != 25 {
		t.Errorf("%d visitors after another's in between, want 25", n)
	}
	for n := range 3 {
		apply(t, target, 0, uint64(n)+2, seen(uint64(n)+3, 0, 1000<<n))
		if n := count(); n < 900 { // and the key is dense in the end
			t.Errorf("%d visitors of 1,000 or more", n)
		}
	}
	if got, want := count(), int64(4000); got < want*98/100 || got > want*102/100 {
		t.Errorf("%d visitors, want about %d", got, want)
	}
}
