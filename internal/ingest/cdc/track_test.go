package cdc

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/jackc/pglogrepl"
)

// TestSafe plays transactions whose batches are confirmed in any order: the safe place
// never passes the beginning of one that has an unconfirmed batch, and gets to the end.
func TestSafe(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		const partitions = 3
		track := newTracker(partitions, 10)
		type batch struct {
			from      pglogrepl.LSN
			confirmed func()
		}
		var open [partitions][]batch
		at, safe := pglogrepl.LSN(10), pglogrepl.LSN(10)
		check := func() {
			now := track.safe()
			least := at
			for _, list := range open {
				for _, b := range list {
					least = min(least, b.from)
				}
			}
			if now != least || now < safe {
				t.Fatalf("safe is %d, was %d, want %d", now, safe, least)
			}
			safe = now
		}
		for range 100 {
			p := r.IntN(partitions)
			switch r.IntN(3) {
			case 0:
				open[p] = append(open[p], batch{track.at(), track.hold(p, track.at())})
			case 1:
				if len(open[p]) > 0 {
					open[p][0].confirmed()
					open[p] = open[p][1:]
				}
			case 2:
				at += pglogrepl.LSN(r.IntN(5))
				track.receive(at)
			}
			check()
		}
		for p := range open {
			for _, b := range open[p] {
				b.confirmed()
			}
			open[p] = nil
		}
		check()
		if safe != at {
			t.Fatalf("all is confirmed, and safe is %d of %d", safe, at)
		}
	}
}

func TestUnseenTransactions(t *testing.T) {
	for _, c := range []struct{ log, now, want string }{
		{"10:20:12,15", "10:20:12,15", "[]"},                                     // both know the same
		{"10:20:12", "10:20:12,15", "[15]"},                                      // 15 is in the log, and not visible yet
		{"10:22:12", "10:20:12,15", "[15 20 21]"},                                // 20 and 21 too
		{"10:22:12,20", "10:20:12", "[21]"},                                      // 20 is under way
		{"10:12:", "10:20:11,15", "[11]"},                                        // 15 began after the slot
		{"4294967290:4294967298:", "4294967290:4294967295:", "[4294967295 0 1]"}, // ids begin anew
	} {
		byLog, err := parseSnapshot(c.log)
		if err != nil {
			t.Fatal(err)
		}
		now, err := parseSnapshot(c.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(unseen(byLog, now)); got != c.want {
			t.Errorf("log %s, now %s: %s, want %s", c.log, c.now, got, c.want)
		}
	}
	for _, text := range []string{"", "1:2", "1:x:", "1:2:x", "1:2:3:4"} {
		if _, err := parseSnapshot(text); err == nil {
			t.Errorf("%q is taken for a snapshot", text)
		}
	}
}

func TestChunkSQL(t *testing.T) {
	one := &table{TableName: TableName{"public", "t"}, key: []string{"id"}, types: map[string]string{"id": "uuid"}}
	two := &table{TableName: TableName{"s", `o"d`}, key: []string{"b", "a"}, types: map[string]string{"a": "int", "b": "text"}, split: true}
	for _, c := range []struct {
		table *table
		chunk chunk
		want  string
	}{
		{one, chunk{}, `SELECT "id" FROM ONLY "public"."t"`},
		{one, chunk{To: []string{"x"}}, `SELECT "id" FROM ONLY "public"."t" WHERE "id" < 'x'::uuid`},
		{two, chunk{From: []string{"it's", "1"}, To: []string{`\`, "2"}},
			`SELECT "id" FROM "s"."o""d" WHERE ("b", "a") >= ('it''s'::text, '1'::int) AND ("b", "a") < ('\'::text, '2'::int)`},
	} {
		if got := c.table.selectSQL([]string{"id"}, c.chunk); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
	chunks := chunksBetween([][]string{{"a"}, {"b"}})
	if got := fmt.Sprint(chunks); got != "[{[] [a] false} {[a] [b] false} {[b] [] false}]" {
		t.Error(got)
	}
}
