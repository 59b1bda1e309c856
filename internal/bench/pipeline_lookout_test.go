package bench

import (
	"context"
	"fmt"
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

// watch looks until all have been seen that came in.
func (l *lookout) watch(ctx context.Context) error {
	waiting := map[string]time.Time{}
	for open := true; open || len(waiting) > 0; time.Sleep(lookPause) {
		for more := open; more; {
			select {
			case p, is := <-l.fresh:
				if open = is; is {
					waiting[p.store] = p.accepted
				}
				more = is
			default:
				more = false
			}
		}
		var stores []string
		for store, accepted := range waiting {
			if time.Since(accepted) > drainPatience {
				return fmt.Errorf("an event is not in %s after %v", l.name, drainPatience)
			}
			stores = append(stores, store)
		}
		if len(stores) == 0 {
			continue
		}
		seen, err := l.look(ctx, stores)
		if err != nil {
			return err
		}
		for _, store := range seen {
			l.took = append(l.took, time.Since(waiting[store]))
			delete(waiting, store)
		}
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
// millisecond, and blocks come once a second.
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
