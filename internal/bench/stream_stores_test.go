package bench

import (
	"context"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// What the stores are asked: key and row of each thing, as row writes them.
const (
	clickhouseRows = `SELECT concat(toString(toUnixTimestamp(TIME)), '|', dimensions, '|', toString(store_id), '|', toString(product_id), '|', traffic_source, '|'),
arrayStringConcat(arrayMap(x -> toString(x), [toInt64(views), toInt64(carts), toInt64(checkouts), toInt64(purchases), toInt64(units), toInt64(live_revenue * 100)]), '|') || '|'
FROM TABLE WHERE views + carts + checkouts + purchases + units > 0 OR live_revenue != 0`
	clickhouseSessions = `SELECT concat(toString(session_id), '|', toString(toUnixTimestamp64Milli(session_started_at)), '|'),
arrayStringConcat(arrayMap(x -> toString(x), [toUnixTimestamp64Milli(last_event_at), toInt64(events), toInt64(page_views), toInt64(live_revenue * 100), toInt64(is_bounce)]), '|') || '|'
FROM live_sessions`
	postgresRows = `SELECT concat(extract(epoch FROM window_start)::bigint, '|', kind, '|', store_id, '|', product_id, '|', source, '|'),
concat(views, '|', carts, '|', checkouts, '|', purchases, '|', units, '|', (live_revenue * 100)::bigint, '|')
FROM tiendi.TABLE WHERE views + carts + checkouts + purchases + units > 0 OR live_revenue <> 0`
	postgresSessions = `SELECT concat(session_id, '|', (extract(epoch FROM started_at) * 1000)::bigint, '|'),
concat((extract(epoch FROM ended_at) * 1000)::bigint, '|', events, '|', page_views, '|', (live_revenue * 100)::bigint, '|', bounced::int, '|')
FROM tiendi.sessions`
)

// clickhouse gives what the live views show.
func (r *rig) clickhouse(t *testing.T) *figures {
	t.Helper()
	r.run(t, "run", "-s", "live_sessions", "live_daily", "live_minute")
	f := &figures{}
	r.look(t, func(c *warehouse.Client) {
		rows := func(time, table string) map[string]string {
			return pairs(t, ask(t, c, strings.NewReplacer("TIME", time, "TABLE", table).Replace(clickhouseRows)))
		}
		f.minutes, f.days = rows("minute", "live_minute"), rows("toDateTime(date, 'UTC')", "live_daily")
		f.sessions = pairs(t, ask(t, c, clickhouseSessions))
	})
	return f
}

// postgresql gives what PostgreSQL's views show.
func (r *rig) postgresql(t *testing.T) *figures {
	t.Helper()
	return &figures{
		minutes:  r.askPostgres(t, strings.ReplaceAll(postgresRows, "TABLE", "live_minute_totals")),
		days:     r.askPostgres(t, strings.ReplaceAll(postgresRows, "TABLE", "live_daily_totals")),
		sessions: r.askPostgres(t, postgresSessions),
	}
}

// askPostgres gives rows of two texts, by the first.
func (r *rig) askPostgres(t *testing.T, sql string) map[string]string {
	t.Helper()
	db, err := pgx.Connect(t.Context(), r.postgres.URL(r.postgres.Addr()))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close(context.WithoutCancel(t.Context())) }()
	found, err := db.Query(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(found, func(r pgx.CollectableRow) (line []string, err error) {
		line = make([]string, 2)
		return line, r.Scan(&line[0], &line[1])
	})
	if err != nil {
		t.Fatal(err)
	}
	return pairs(t, all)
}

// pairs are rows by their keys, each of which is there once.
func pairs(t *testing.T, rows [][]string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, line := range rows {
		if before, ok := all[line[0]]; ok {
			t.Errorf("%s is there twice: %s and %s", line[0], before, line[1])
		}
		all[line[0]] = line[1]
	}
	return all
}
