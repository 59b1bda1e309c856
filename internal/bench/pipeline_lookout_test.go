package bench

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	goredis "github.com/redis/go-redis/v9"
)

// probe is a store, and when its event was accepted.
type probe struct {
	store    string
	accepted time.Time
}

// lookout waits for probes to be in one sink.
type lookout struct {
	name   string
	target float64 // of the p99, in ms; 0 for none
	look   func(ctx context.Context, stores []string) ([]string, error)
	fresh  chan probe
	ended  chan error
	took   []time.Duration // from the 202 to the look that saw it
}

// lookedFor is how many probes one look is for, the oldest: what a look costs a sink must
// not grow with what it is behind, or it never catches up.
const lookedFor = 8

// watch looks until all have been seen that came in.
func (l *lookout) watch(ctx context.Context) error {
	var waiting []probe
	for open := true; open || len(waiting) > 0; time.Sleep(lookPause) {
		for more := open; more; {
			select {
			case p, is := <-l.fresh:
				if open = is; is {
					waiting = append(waiting, p)
				}
				more = is
			default:
				more = false
			}
		}
		if len(waiting) == 0 {
			continue
		}
		if time.Since(waiting[0].accepted) > drainPatience {
			return fmt.Errorf("an event is not in %s after %v", l.name, drainPatience)
		}
		var stores []string
		for _, p := range waiting[:min(len(waiting), lookedFor)] {
			stores = append(stores, p.store)
		}
		seen, err := l.look(ctx, stores)
		if err != nil {
			return err
		}
		waiting = slices.DeleteFunc(waiting, func(p probe) bool {
			there := slices.Contains(seen, p.store)
			if there {
				l.took = append(l.took, time.Since(p.accepted))
			}
			return there
		})
	}
	return nil
}

func (s *sinks) storesInRedis(ctx context.Context, stores []string) (seen []string, err error) {
	day := "tiendi:day:" + time.Now().UTC().Format(time.DateOnly) + ":"
	found, err := s.redis.Pipelined(ctx, func(p goredis.Pipeliner) error {
		for _, store := range stores {
			p.Exists(ctx, day+store)
		}
		return nil
	})
	for i := range found {
		if found[i].(*goredis.IntCmd).Val() > 0 {
			seen = append(seen, stores[i])
		}
	}
	return seen, err
}

func (s *sinks) storesInPostgres(ctx context.Context, stores []string) (seen []string, err error) {
	rows, err := s.postgres.Query(ctx, "SELECT DISTINCT store_id::text FROM tiendi.live_daily WHERE kind = 'store' AND store_id = ANY($1::uuid[])", stores)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// storesInClickHouse looks less often than at the others: a query costs the server a
// millisecond, and blocks come once a second at most.
func (s *sinks) storesInClickHouse(ctx context.Context, stores []string) (seen []string, err error) {
	time.Sleep(4 * lookPause)
	rows, err := s.warehouse.Query(ctx, "SELECT DISTINCT toString(store_id) FROM shop.events_raw WHERE store_id IN ('"+strings.Join(stores, "', '")+"')")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var store string
		if err := rows.Scan(&store); err != nil {
			return nil, err
		}
		seen = append(seen, store)
	}
	return seen, rows.Err()
}
