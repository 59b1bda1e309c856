package clickhouse_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/stream/sink"
	"github.com/tiendi/tiendi/internal/stream/sink/clickhouse"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

// rawModels are those of the project, and tables that are there already.
type rawModels struct {
	t    testing.TB
	db   *warehouse.Client
	also map[string]bool
}

func (m *rawModels) Ensure(_ context.Context, names ...string) error {
	for _, name := range names {
		if m.also[name] {
			continue
		}
		switch name {
		case "change_rejects", "users_raw", "stores_raw", "products_raw", "orders_raw", "order_items_raw", "subscriptions_raw":
			if values(m.t, m.db, "EXISTS TABLE "+name) == "0" {
				build(m.t, m.db, name)
			}
		default:
			return fmt.Errorf("%s: %w", name, clickhouse.ErrNoModel)
		}
	}
	return nil
}

// Types of PostgreSQL's, by their OID.
const (
	pgText, pgInt4, pgNumeric, pgUUID, pgTimestamptz, pgIntArray, pgBool, pgDate = 25, 23, 1700, 2950, 1184, 1007, 16, 1082
)

// products is the table of the shop that most tests change.
func products(more ...change.Column) *change.Relation {
	return &change.Relation{Schema: "public", Name: "products", Columns: append([]change.Column{
		{Name: "id", Type: pgUUID, Key: true}, {Name: "store_id", Type: pgUUID}, {Name: "name", Type: pgText}, {Name: "category", Type: pgText},
		{Name: "price", Type: pgNumeric}, {Name: "stock", Type: pgInt4}, {Name: "created_at", Type: pgTimestamptz}, {Name: "updated_at", Type: pgTimestamptz},
	}, more...)}
}

func idOf(n int) string { return fmt.Sprintf("00000000-0000-0000-0000-%012d", n) }

// row makes a row of texts; "-" is NULL.
func row(texts ...string) [][]byte {
	values := make([][]byte, len(texts))
	for i, text := range texts {
		if text != "-" {
			values[i] = []byte(text)
		}
	}
	return values
}

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func productRow(n int, price string, more ...string) [][]byte {
	return row(append([]string{idOf(n), idOf(900), fmt.Sprint("Product ", n), "ropa", price, "5", "2026-11-20 12:00:00+00", "2026-11-20 12:30:00.5+00"}, more...)...)
}

func deleted(r *change.Relation, key ...string) [][]byte {
	values := make([][]byte, len(r.Columns))
	for i := range values {
		if r.Columns[i].Key {
			values[i], key = []byte(key[0]), key[1:]
		}
	}
	return values
}

func at(lsn, sequence uint64) change.Version { return change.Version{LSN: lsn, Sequence: sequence} }

// messages encodes changes, so many a message.
func messages(each int, changes ...change.Change) (bodies [][]byte) {
	var e change.Encoder
	for i := range changes {
		if changes[i].Committed.IsZero() {
			changes[i].Committed = noon
		}
		e.Add(&changes[i])
		if e.Len() == each || i+1 == len(changes) {
			bodies = append(bodies, e.Body())
		}
	}
	return bodies
}

func openChanges(t testing.TB, db *warehouse.Client, log *records, also ...string) *clickhouse.Changes {
	t.Helper()
	s, err := openChangesOr(t, db, log, also...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func openChangesOr(t testing.TB, db *warehouse.Client, log *records, also ...string) (*clickhouse.Changes, error) {
	m := &rawModels{t: t, db: db, also: map[string]bool{}}
	for _, name := range also {
		m.also[name] = true
	}
	return clickhouse.OpenChanges(t.Context(), clickhouse.ChangeOptions{
		Options: clickhouse.Options{Warehouse: db, Database: db.Config().Database, Now: time.Now, Logger: log.logger()}, Models: m, Partitions: 3,
	})
}

func take(t testing.TB, s *clickhouse.Changes, token string, bodies [][]byte) sink.Taken {
	t.Helper()
	aside, err := s.Insert(t.Context(), token, bodies)
	if err != nil {
		t.Fatal(err)
	}
	return aside
}

// latest is a raw table's rows as staging has them.
func latest(table, key, columns string) string {
	var all []string
	for i := range strings.Split(columns, ", ") {
		all = append(all, fmt.Sprintf("tupleElement(l, %d)", i+1))
	}
	return fmt.Sprintf("SELECT %[2]s, %[4]s FROM (SELECT %[2]s, argMax((%[3]s, _deleted), _version) AS l FROM %[1]s GROUP BY %[2]s) WHERE tupleElement(l, %[5]d) = 0 ORDER BY ALL",
		table, key, columns, strings.Join(all, ", "), len(all)+1)
}

func TestChangesOfEveryKind(t *testing.T) {
	db := warehousetest.Open(t)
	s := openChanges(t, db, new(records))
	r := products()
	take(t, s, "none", nil)
	take(t, s, "cdc/0@1-9", messages(2,
		change.Change{Relation: r, Op: change.Read, Version: at(7, 0), Row: productRow(1, "10.25")},
		change.Change{Relation: r, Op: change.Read, Version: at(7, 0), Row: row(idOf(2), "-", "-", "-", "-", "-", "-", "-")},
		change.Change{Relation: r, Op: change.Insert, Version: at(8, 1), Row: productRow(3, "0.07")},
		change.Change{Relation: r, Op: change.Update, Version: at(8, 2), Row: productRow(1, "-3.00")},
		change.Change{Relation: r, Op: change.Delete, Version: at(9, 1), Row: deleted(r, idOf(2))},
	))
	want(t, db, "SELECT * EXCEPT ingested_at FROM products_raw ORDER BY _position", strings.Join([]string{
		idOf(1) + " " + idOf(900) + " Product 1 ropa 10.25 5 2026-11-20 12:00:00 +0000 UTC 2026-11-20 12:30:00.5 +0000 UTC 129127208515966861312 0 cdc/cdc/0@1-9 0",
		idOf(2) + " " + idOf(0) + "   0 0 1970-01-01 00:00:00 +0000 UTC 1970-01-01 00:00:00 +0000 UTC 129127208515966861312 0 cdc/cdc/0@1-9 1",
		idOf(3) + " " + idOf(900) + " Product 3 ropa 0.07 5 2026-11-20 12:00:00 +0000 UTC 2026-11-20 12:30:00.5 +0000 UTC 147573952589676412929 0 cdc/cdc/0@1-9 2",
		idOf(1) + " " + idOf(900) + " Product 1 ropa -3 5 2026-11-20 12:00:00 +0000 UTC 2026-11-20 12:30:00.5 +0000 UTC 147573952589676412930 0 cdc/cdc/0@1-9 3",
		idOf(2) + " " + idOf(0) + "   0 0 1970-01-01 00:00:00 +0000 UTC 1970-01-01 00:00:00 +0000 UTC 166020696663385964545 1 cdc/cdc/0@1-9 4",
	}, "\n"))
	want(t, db, "SELECT max(abs(ingested_at - now64(6))) < 60 FROM products_raw", "1")
	want(t, db, latest("products_raw", "id", "price"), idOf(1)+" -3\n"+idOf(3)+" 0.07")
}

// TestNewColumns has columns come in the middle of a message, of every type.
func TestNewColumns(t *testing.T) {
	db := warehousetest.Open(t)
	var log records
	s := openChanges(t, db, &log)
	old := products()
	more := products(change.Column{Name: "on sale", Type: pgBool}, change.Column{Name: "weight", Type: pgNumeric},
		change.Column{Name: "since", Type: pgDate}, change.Column{Name: "sizes", Type: pgIntArray}, change.Column{Name: "mood", Type: 98765})
	less := &change.Relation{Schema: "public", Name: "products", Columns: []change.Column{more.Columns[0], more.Columns[9]}}
	bodies := messages(10,
		change.Change{Relation: old, Op: change.Insert, Version: at(1, 1), Row: productRow(1, "1.00")},
		change.Change{Relation: more, Op: change.Insert, Version: at(2, 1), Row: productRow(2, "2.00", "t", "12.3400000001", "1999-12-31", "{1,2}", "sad")},
		change.Change{Relation: more, Op: change.Insert, Version: at(2, 2), Row: productRow(3, "3.00", "-", "-", "-", "-", "-")},
		change.Change{Relation: old, Op: change.Insert, Version: at(3, 1), Row: productRow(4, "4.00")},
		change.Change{Relation: less, Op: change.Update, Version: at(4, 1), Row: row(idOf(1), "7")},
	)
	for range 2 {
		take(t, s, "a", bodies)
		want(t, db, "SELECT price, `on sale`, weight, since, sizes, mood FROM products_raw WHERE id = '"+idOf(2)+"'", "2 true 12.3400000001 1999-12-31 00:00:00 +0000 UTC {1,2} sad")
		want(t, db, "SELECT count(), count(`on sale`), count(weight), count(mood) FROM products_raw", "5 1 2 1")
		want(t, db, "SELECT weight, name FROM products_raw WHERE _position = 4", "7 ")
	}
	want(t, db, "SELECT arraySort(groupArray(type)) FROM system.columns WHERE database = currentDatabase() AND table = 'products_raw' AND startsWith(type, 'Nullable')",
		"[Nullable(Bool) Nullable(Date32) Nullable(Decimal(76, 38)) Nullable(String) Nullable(String)]")
}

// TestMisfits are changes that their table cannot hold: they are set aside, and the
// others go on. Once the column is wider they are written.
func TestMisfits(t *testing.T) {
	db := warehousetest.Open(t)
	var log records
	s := openChanges(t, db, &log)
	r := products()
	bodies := messages(2,
		change.Change{Relation: r, Op: change.Insert, Version: at(1, 1), Row: productRow(1, "1.00")},
		change.Change{Relation: r, Op: change.Update, Version: at(2, 1), Row: productRow(1, "1.005")},
		change.Change{Relation: r, Op: change.Insert, Version: at(2, 2), Row: row("nonsense", "-", "ñ\"", "-", "-", "-", "-", "-")},
		change.Change{Relation: r, Op: change.Insert, Version: at(2, 3), Row: productRow(3, "3.00")},
	)
	for range 2 {
		if aside := take(t, s, "a", bodies); aside.Aside != 2 || aside.Refused != nil {
			t.Errorf("set aside: %+v", aside)
		}
		want(t, db, latest("products_raw", "id", "price"), idOf(1)+" 1\n"+idOf(3)+" 3")
		want(t, db, "SELECT table_name, row_key, op, column_name, reason, committed_at, _version, _batch, _position FROM change_rejects FINAL WHERE NOT is_written ORDER BY _version", strings.Join([]string{
			`products_raw {"id":"` + idOf(1) + `"} update price it has more than the 2 decimals of the column ` + noon.String() + " 36893488147419103233 cdc/a 1",
			`products_raw {"id":"nonsense"} insert id it is no UUID ` + noon.String() + " 36893488147419103234 cdc/a 2",
		}, "\n"))
		want(t, db, "SELECT row FROM change_rejects FINAL WHERE op = 'insert' AND NOT is_written", `{"id":"nonsense","store_id":null,"name":"ñ\"","category":null,"price":null,"stock":null,"created_at":null,"updated_at":null}`)
	}
	if !strings.Contains(log.String(), "products_raw.price: it has more than the 2 decimals") {
		t.Errorf("logged %s", log.String())
	}
	exec(t, db, "ALTER TABLE products_raw MODIFY COLUMN price Decimal(18, 3)")
	for range 2 {
		s = openChanges(t, db, &log)
		want(t, db, latest("products_raw", "id", "price"), idOf(1)+" 1.005\n"+idOf(3)+" 3")
		want(t, db, "SELECT row_key FROM change_rejects FINAL WHERE NOT is_written", `{"id":"nonsense"}`)
		want(t, db, "SELECT count() FROM products_raw", "3")
	}
	take(t, s, "a", bodies)
	want(t, db, "SELECT count(), uniqExact(_position) FROM products_raw", "3 3")
}

// TestTableWithoutModel is told which model to write. Its changes are kept meanwhile, the
// truncate among them, and those of other tables go on.
func TestTableWithoutModel(t *testing.T) {
	db := warehousetest.Open(t)
	var log records
	s := openChanges(t, db, &log)
	r := &change.Relation{Schema: "public", Name: "coupons", Columns: []change.Column{
		{Name: "code", Type: pgText, Key: true}, {Name: "percent", Type: pgNumeric}, {Name: "until", Type: pgTimestamptz},
	}}
	aside := take(t, s, "a", messages(3,
		change.Change{Relation: r, Op: change.Insert, Version: at(1, 1), Row: row("A", "10", "-")},
		change.Change{Relation: products(), Op: change.Insert, Version: at(1, 2), Row: productRow(1, "1.00")},
		change.Change{Relation: r, Op: change.Truncate, Version: at(2, 1)},
		change.Change{Relation: r, Op: change.Insert, Version: at(3, 1), Row: row("B", "5.5", "infinity")},
	))
	want(t, db, "SELECT count() FROM products_raw", "1")
	if aside.Aside != 3 || aside.Refused == nil {
		t.Fatalf("set aside: %+v", aside)
	}
	text := aside.Refused.Error()
	if first, _, _ := strings.Cut(text, "\n"); first != "the table public.coupons has no raw model: write models/raw/coupons_raw.sql and start again" {
		t.Errorf("it says %s", first)
	}
	for _, line := range []string{
		"order_by=['code', '_version'],", `{{ typed("String", 'code') }},`, `{{ typed("Nullable(Decimal(76, 38))", 'percent') }},`,
		`{{ typed("Nullable(DateTime64(6, 'UTC'))", 'until') }},`, "{{ change_columns() }},",
	} {
		if !strings.Contains(text, line) {
			t.Errorf("the model lacks %q:\n%s", line, text)
		}
	}
	if !strings.Contains(log.String(), "coupons") {
		t.Errorf("logged %s", log.String())
	}
	exec(t, db, "CREATE TABLE coupons_raw (code String, percent Decimal(5, 2), until Nullable(DateTime64(6, 'UTC')), _version UInt128, _deleted UInt8, "+
		"_batch LowCardinality(String), _position UInt64, ingested_at DateTime64(6, 'UTC') DEFAULT now64(6)) ENGINE = MergeTree ORDER BY (code, _version)")
	for range 2 {
		openChanges(t, db, &log, "coupons_raw")
		want(t, db, latest("coupons_raw", "code", "percent"), "B 5.5")
		want(t, db, "SELECT code, _deleted, _version FROM coupons_raw ORDER BY _version", "A 0 18446744073709551617\nA 1 36893488147419103233\nB 0 55340232221128654849")
		want(t, db, "SELECT count() FROM change_rejects FINAL WHERE NOT is_written", "0")
	}
}

// TestRefusedTables are tables that cannot follow the source's key.
func TestRefusedTables(t *testing.T) {
	const own = ", _version UInt128, _deleted UInt8, _batch String, _position UInt64, ingested_at DateTime64(6, 'UTC') DEFAULT now64(6)) ENGINE = MergeTree "
	for _, c := range []struct{ create, why string }{
		{"(id Int32, day Date" + own + "PARTITION BY toYYYYMM(day) ORDER BY (id, _version)", "t_raw is partitioned by day, which is not part of the key of t"},
		{"(id Int32, day Date" + own + "ORDER BY (day, _version)", "told apart by (day), those of public.t by its primary key (id)"},
		{"(id Int32, day Date) ENGINE = MergeTree ORDER BY id", "t_raw lacks the column _version"},
		{"(id Int32, day Map(String, String)" + own + "ORDER BY (id, _version)", "t_raw.day cannot take a column of the source: it is a Map(String, String)"},
		{"(id Int32, day String ALIAS 'x'" + own + "ORDER BY (id, _version)", "t_raw.day cannot take a column"},
	} {
		db := warehousetest.Open(t)
		exec(t, db, "CREATE TABLE t_raw "+c.create)
		s := openChanges(t, db, new(records), "t_raw")
		r := &change.Relation{Schema: "public", Name: "t", Columns: []change.Column{{Name: "id", Type: pgInt4, Key: true}, {Name: "day", Type: pgDate}}}
		aside := take(t, s, "a", messages(1, change.Change{Relation: r, Op: change.Insert, Version: at(1, 1), Row: row("1", "2026-11-20")}))
		if aside.Refused == nil || !strings.Contains(aside.Refused.Error(), c.why) || aside.Aside != 1 {
			t.Errorf("%s: %+v", c.create, aside)
		}
	}
	db := warehousetest.Open(t)
	s := openChanges(t, db, new(records))
	other := products()
	other.Schema = "archive"
	named := products(change.Column{Name: "_version", Type: pgInt4})
	for r, why := range map[*change.Relation]string{other: "public.products and archive.products would both go to products_raw", named: "a name of the raw layer's"} {
		values := productRow(1, "1.00")
		if r == named {
			values = append(values, []byte("1"))
		}
		aside := take(t, s, why, messages(2, change.Change{Relation: products(), Op: change.Insert, Version: at(1, 1), Row: productRow(2, "1.00")},
			change.Change{Relation: r, Op: change.Insert, Version: at(1, 1), Row: values}))
		if aside.Refused == nil || !strings.Contains(aside.Refused.Error(), why) || aside.Aside != 1 {
			t.Errorf("%s: %+v", why, aside)
		}
	}
}
