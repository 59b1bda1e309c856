package bench

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// sinks are what a pipeline's figures come to, as somebody sees them who only knows
// what was sent. They are not safe for concurrent use.
type sinks struct {
	warehouse *warehouse.Client
	redis     *goredis.Client
	postgres  *pgx.Conn
	names     sinkNames
	since     time.Time // of the first event
}

// sinkNames say where a pipeline has what.
type sinkNames struct {
	events  string // ClickHouse's table
	day     string // Redis's key of a platform's day, with %s for its date
	windows string // PostgreSQL's table, whose rows of no store are the platform's
	// Sessions: what PostgreSQL selects from, Redis's hash with the platform's number,
	// ClickHouse's table, and how it gives each once.
	sessions, liveSessions, sessionRows, wholeRows string
}

// reached is how many events are in each sink: in ClickHouse all, in the others those
// that live figures count.
type reached struct{ clickhouse, redis, postgres int64 }

// open connects to the sinks of a pipeline.
func (s *backends) open(b *testing.B, names sinkNames) *sinks {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context(), patience)
	defer cancel()
	options, err := goredis.ParseURL(s.redisURL())
	if err != nil {
		b.Fatal(err)
	}
	in := &sinks{redis: goredis.NewClient(options), names: names, since: time.Now().UTC()}
	b.Cleanup(func() { _ = in.redis.Close() })
	if in.warehouse, err = warehouse.Open(ctx, s.warehouse); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = in.warehouse.Close() })
	if in.postgres, err = pgx.Connect(ctx, s.postgresURL()); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = in.postgres.Close(context.Background()) })
	return in
}

const noStore = "00000000-0000-0000-0000-000000000000"

// look counts what is there.
func (s *sinks) look(ctx context.Context) (r reached, err error) {
	if r.clickhouse, err = s.ask(ctx, "SELECT toInt64(count()) FROM "+s.names.events); err != nil {
		return r, err
	}
	for day := s.since.Truncate(24 * time.Hour); !day.After(time.Now()); day = day.Add(24 * time.Hour) {
		values, err := s.redis.HMGet(ctx, fmt.Sprintf(s.names.day, day.Format(time.DateOnly)), "views", "carts", "checkouts", "purchases").Result()
		if err != nil {
			return r, err
		}
		for _, v := range values {
			if text, there := v.(string); there {
				n, err := strconv.ParseInt(text, 10, 64)
				if err != nil {
					return r, err
				}
				r.redis += n
			}
		}
	}
	const sum = "SELECT coalesce(sum(views + carts + checkouts + purchases), 0)::bigint FROM %s WHERE kind = 'store' AND store_id = $1"
	return r, s.postgres.QueryRow(ctx, fmt.Sprintf(sum, s.names.windows), noStore).Scan(&r.postgres)
}

// ask gives the one number that is ClickHouse's answer.
func (s *sinks) ask(ctx context.Context, sql string) (n int64, err error) {
	rows, err := s.warehouse.Query(ctx, sql)
	if err != nil {
		return 0, err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			return 0, err
		}
	}
	return n, rows.Err()
}

// sessionsBegun is about how many sessions are in Redis and PostgreSQL, at a price that
// can be paid often: the latter counts its insertions.
func (s *sinks) sessionsBegun(ctx context.Context) (int64, error) {
	live, err := s.liveSessions(ctx)
	if err != nil {
		return 0, err
	}
	var inserted int64
	err = s.postgres.QueryRow(ctx, "SELECT n_tup_ins FROM pg_stat_user_tables WHERE relname = 'live_sessions'").Scan(&inserted)
	return min(live, inserted), err
}

// liveSessions is how many are open, as Redis counts them: 0 before the first.
func (s *sinks) liveSessions(ctx context.Context) (int64, error) {
	n, err := s.redis.HGet(ctx, s.names.liveSessions, "sessions").Int64()
	if errors.Is(err, goredis.Nil) {
		return 0, nil
	}
	return n, err
}

// sessionsIn says whether so many sessions are in all sinks. How many events they have
// is published with time.
func (s *sinks) sessionsIn(ctx context.Context, sessions int64) (bool, error) {
	if live, err := s.liveSessions(ctx); err != nil || live != sessions {
		return false, err
	}
	// How many rows a table has costs its server nothing; the others cost it more than all
	// that they are waited for, so they come last.
	if rows, err := s.ask(ctx, "SELECT toInt64(count()) FROM "+s.names.sessionRows); err != nil || rows < sessions {
		return false, err
	}
	for _, rows := range []string{"uniqExact(session_id)) FROM " + s.names.sessionRows, "count()) FROM " + s.names.sessionRows + s.names.wholeRows} {
		if there, err := s.ask(ctx, "SELECT toInt64("+rows); err != nil || there != sessions {
			return false, err
		}
	}
	var there int64
	err := s.postgres.QueryRow(ctx, "SELECT count(*) FROM "+s.names.sessions).Scan(&there)
	return there == sessions, err
}
