package postgres_test

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/postgres"
	"github.com/tiendi/tiendi/internal/postgres/postgrestest"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sink"
	pgsink "github.com/tiendi/tiendi/internal/stream/sink/postgres"
)

func TestMain(m *testing.M) { postgrestest.Main(m) }

// place is a sink and its database.
type place struct {
	*pgsink.Sink
	db *postgres.DB
}

func open(t testing.TB, days *time.Location) place {
	t.Helper()
	db, err := postgres.Open(t.Context(), postgrestest.Database(t)+"?pool_max_conns=8")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(db.Close)
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return place{pgsink.New(db, days, 0), db}
}

// rows are a query's, each as text.
func (p place) rows(t testing.TB, query string) []string {
	t.Helper()
	var list []string
	err := p.db.Tx(t.Context(), func(tx pgx.Tx) error {
		rows, err := tx.Query(t.Context(), "SELECT (q.*)::text FROM ("+query+") q")
		if err == nil {
			list, err = pgx.CollectRows(rows, pgx.RowTo[string])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func (p place) expect(t testing.TB, query string, want ...string) {
	t.Helper()
	if got := p.rows(t, query); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s\ngot  %s\nwant %s", query, strings.Join(got, "\n     "), strings.Join(want, "\n     "))
	}
}

func at(partition int, next uint64) broker.Progress {
	if next == 0 {
		return broker.Progress{Partition: partition}
	}
	return broker.Progress{Log: "log", Partition: partition, Next: next, Epoch: 3}
}

func apply(t testing.TB, p place, from, to broker.Progress, publications ...*record.Publication) {
	t.Helper()
	if err := p.Apply(t.Context(), from, to, publications); err != nil {
		t.Fatal(err)
	}
}

func id(n byte) event.ID { return event.ID{15: n} }

func TestPosition(t *testing.T) {
	p := open(t, time.UTC)
	expect := func(want broker.Progress) {
		t.Helper()
		if got, err := p.Applied(t.Context(), want.Partition); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("at %+v, %v; want %+v", got, err, want)
		}
	}
	moved := func(from, to broker.Progress) {
		t.Helper()
		one := &record.Publication{Updates: []record.Update{{Window: record.Window{StoreID: id(9)}, Revision: 1 << 40}}}
		if err := p.Apply(t.Context(), from, to, []*record.Publication{one}); !errors.Is(err, sink.ErrMoved) || errors.Is(err, postgres.ErrUnavailable) {
			t.Errorf("from %d: %v", from.Next, err)
		}
	}
	expect(at(2, 0))
	moved(at(2, 1), at(2, 2))
	apply(t, p, at(2, 0), at(2, math.MaxInt64))
	expect(at(2, math.MaxInt64))
	expect(at(3, 0))
	moved(at(2, 0), at(2, 7))
	moved(at(2, 8), at(2, 9))
	other := at(2, math.MaxInt64)
	other.Log = "another"
	moved(other, at(2, 9))
	expect(at(2, math.MaxInt64))
	if got := p.rows(t, "SELECT * FROM tiendi.live_minute"); len(got) > 0 {
		t.Errorf("written all the same: %q", got)
	}
}

// TestAnyText writes what pages may send, and what the database takes in no other
// form.
func TestAnyText(t *testing.T) {
	p := open(t, time.UTC)
	var b record.Publication
	long := strings.Repeat("ñ", 5000)
	for i, text := range []string{"", "\x00", "\xff", "NULL", `{"a"}`, `\`, long, long + "1", "日本", strings.Repeat("\xfe", 9000)} {
		b.Updates = append(b.Updates, record.Update{Window: record.Window{By: record.ByStoreSource, Source: text}, Revision: uint64(i)})
		b.Sessions = append(b.Sessions, record.Session{SessionID: id(byte(i)), EntryURL: text, ExitURL: text, OS: text, Source: text, Device: event.Device(text)})
	}
	apply(t, p, at(0, 0), at(0, 1), &b)
	// Three of them have nothing to be told apart by.
	p.expect(t, "SELECT count(*), max(octet_length(source)) < 512 FROM tiendi.live_minute", fmt.Sprintf("(%d,t)", len(b.Updates)-2))
	p.expect(t, "SELECT count(*), max(length(entry_url)) FROM tiendi.sessions", fmt.Sprintf("(%d,5001)", len(b.Sessions)))
	unknown := record.Publication{Updates: []record.Update{{Window: record.Window{Grain: 9}}}}
	if err := p.Apply(t.Context(), at(0, 1), at(0, 2), []*record.Publication{&unknown}); err == nil || !strings.Contains(err.Error(), "no table for windows of grain 9") {
		t.Errorf("a grain that is not known: %v", err)
	}
	tooLarge := record.Publication{Updates: []record.Update{{Counts: record.Counts{Views: 1 << 63}}}}
	if err := p.Apply(t.Context(), at(0, 1), at(0, 2), []*record.Publication{&tooLarge}); err == nil || !strings.Contains(err.Error(), "9223372036854775808 is larger") {
		t.Errorf("a count out of bounds: %v", err)
	}
}

func TestTrim(t *testing.T) {
	p := open(t, time.UTC)
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	var b record.Publication
	for age := range 10 {
		start := now.AddDate(0, 0, -age)
		for n := range 1200 {
			store := event.ID{0: byte(n >> 8), 1: byte(n)}
			b.Updates = append(b.Updates, record.Update{Window: record.Window{Start: start.Unix(), StoreID: store}, Revision: 1})
		}
		b.Updates = append(b.Updates, record.Update{Window: record.Window{Grain: record.Day, Start: start.Truncate(24 * time.Hour).Unix()}, Revision: 1})
		b.Sessions = append(b.Sessions, record.Session{SessionID: id(byte(age)), StartedAt: start})
	}
	apply(t, p, at(0, 0), at(0, 1), &b)
	for _, step := range []struct {
		keep time.Duration
		want string
	}{{0, "(12000,10,10)"}, {5*24*time.Hour - time.Hour, "(6000,6,5)"}} {
		if err := pgsink.New(p.db, time.UTC, step.keep).Trim(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		p.expect(t, "SELECT (SELECT count(*) FROM tiendi.live_minute), (SELECT count(*) FROM tiendi.live_daily), (SELECT count(*) FROM tiendi.sessions)", step.want)
	}
}

// TestMoneyBeyondTheColumn: revenue that no Decimal holds is cut, in partitions and in
// their sums. Refused it would hold up its partition for ever, and the totals' readers.
func TestMoneyBeyondTheColumn(t *testing.T) {
	p := open(t, time.UTC)
	for partition := range 3 {
		b := record.Publication{
			Updates:  []record.Update{{Counts: record.Counts{Revenue: math.MaxInt64}}, {Window: record.Window{Grain: record.Day}, Counts: record.Counts{Revenue: math.MaxInt64}}},
			Sessions: []record.Session{{SessionID: id(byte(partition)), Revenue: math.MinInt64}},
		}
		apply(t, p, at(partition, 0), at(partition, 1), &b)
	}
	p.expect(t, "SELECT live_revenue FROM tiendi.live_minute_totals UNION ALL SELECT live_revenue FROM tiendi.live_daily_totals",
		"(29999999999999999.97)", "(29999999999999999.97)")
	p.expect(t, "SELECT min(live_revenue) FROM tiendi.sessions", "(-9999999999999999.99)")
}
