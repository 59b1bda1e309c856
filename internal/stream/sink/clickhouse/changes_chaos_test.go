package clickhouse_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/chaos"
)

// TestChaosChanges kills the engine, or the client, at any moment of inserts of changes
// and truncates, and has a successor do the same again. The last versions are those of
// the source, and no insert is in the table twice.
func TestChaosChanges(t *testing.T) {
	m := newMortal(t)
	build(t, m.Client, "products_raw", "change_rejects")
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	source := newSource(rand.New(rand.NewPCG(seed, 0)), 2)
	var log records
	s := openChanges(t, m.Client, &log, "products_raw", "change_rejects")
	usual, deaths := 100*time.Millisecond, 0
	for round := range chaos.Rounds(t, 4) {
		for range 30 {
			source.transaction()
		}
		writeAll(t, source, func(token string, bodies [][]byte) {
			ctx, cancel := context.WithCancel(t.Context())
			death := func() {}
			if source.random.IntN(3) == 0 {
				death = cancel
				if source.random.IntN(2) == 0 {
					death = m.Kill
				}
			}
			timer := time.AfterFunc(rand.N(usual*5/4), death)
			began := time.Now()
			_, err := s.Insert(ctx, token, bodies)
			timer.Stop()
			cancel()
			if err == nil {
				usual = max(time.Since(began), 10*time.Millisecond)
				return
			}
			deaths++
			select {
			case <-m.Done():
				m.revive()
			default:
			}
			for again := 0; again < 100; again++ {
				successor, failed := openChangesOr(t, m.Client, &log, "products_raw", "change_rejects")
				if err = failed; err == nil {
					s = successor
					_, err = s.Insert(t.Context(), token, bodies)
				}
				if err == nil {
					return
				}
				select {
				case <-m.Done(): // it was dying, and is dead now
					m.revive()
				case <-time.After(20 * time.Millisecond):
				}
			}
			t.Fatalf("round %d: %v", round, err)
		})
		source.want(t, m.Client)
	}
	want(t, m.Client, "SELECT count() FROM (SELECT _batch, _position FROM products_raw WHERE NOT _deleted GROUP BY ALL HAVING count() > 1)", "0")
	want(t, m.Client, "SELECT count() FROM change_rejects", "0")
	t.Log(fmt.Sprint(deaths, " inserts had died"))
}
