package clickhouse_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/native"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

// BenchmarkChanges writes an insert of 50,000 changes again and again. It reports changes
// a second, the processor time of a change here (cpu-ns) and in the engine (engine-ns),
// and the same for the way that was not taken: the engine reads PostgreSQL's texts itself
// (cast-cpu-ns, cast-engine-ns).
func BenchmarkChanges(b *testing.B) {
	const n = 50_000
	db := warehousetest.Open(b)
	s := openChanges(b, db, new(records))
	bodies := someChanges(n)
	take(b, s, "warm", bodies)
	exec(b, db, "CREATE TABLE casts AS products_raw")
	var ours, theirs cost
	for i := 0; b.Loop(); i++ {
		ours.measure(b, db, func() { take(b, s, fmt.Sprint(i), bodies) })
		b.StopTimer()
		theirs.measure(b, db, func() { castByEngine(b, db, bodies) })
		b.StartTimer()
	}
	total := float64(b.N) * n
	b.ReportMetric(total/ours.wall.Seconds(), "changes/s")
	b.ReportMetric(float64(ours.here)/total, "cpu-ns/change")
	b.ReportMetric(float64(ours.engine)/total, "engine-ns/change")
	b.ReportMetric(float64(theirs.here)/total, "cast-cpu-ns/change")
	b.ReportMetric(float64(theirs.engine)/total, "cast-engine-ns/change")
}

func someChanges(n int) [][]byte {
	r := products()
	all := make([]change.Change, n)
	for i := range all {
		all[i] = change.Change{Relation: r, Op: change.Update, Version: at(uint64(i/5+1), uint64(i%5+1)), Row: productRow(i%10_000, fmt.Sprintf("%d.%02d", i%1000, i%100))}
	}
	return messages(1000, all...)
}

// cost is what something took.
type cost struct{ wall, here, engine time.Duration }

func (c *cost) measure(t testing.TB, db *warehouse.Client, f func()) {
	engine, here, began := engineTime(t, db), processorTime(), time.Now()
	f()
	c.wall += time.Since(began)
	c.here += processorTime() - here
	c.engine += engineTime(t, db) - engine
}

// engineTime is the processor time of all statements of the engine so far.
func engineTime(t testing.TB, db *warehouse.Client) (all time.Duration) {
	t.Helper()
	var micros uint64
	rows, err := db.Query(t.Context(), "SELECT sum(value) FROM system.events WHERE event IN ('UserTimeMicroseconds', 'SystemTimeMicroseconds')")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(&micros); err != nil {
			t.Fatal(err)
		}
	}
	return time.Duration(micros) * time.Microsecond
}

// castByEngine sends the texts, and has the engine make values of them.
func castByEngine(t testing.TB, db *warehouse.Client, bodies [][]byte) {
	t.Helper()
	r := products()
	texts := make([]*native.Nullable, len(r.Columns))
	values := make([]*native.Strings, len(r.Columns))
	var block native.Block
	for i := range texts {
		values[i] = &native.Strings{}
		texts[i] = native.NewNullable(values[i])
		block = append(block, native.Column{Name: fmt.Sprint("c", i), Values: texts[i]})
	}
	version := native.NewSized("UInt128", 16)
	var position native.UInt64s
	block = append(block, native.Column{Name: "v", Values: version}, native.Column{Name: "p", Values: &position})
	for _, body := range bodies {
		batch, err := change.Decode(body)
		if err != nil {
			t.Fatal(err)
		}
		for i := range batch.Changes {
			c := &batch.Changes[i]
			for at, value := range c.Row {
				values[at].AppendBytes(value)
				texts[at].Mark(value == nil)
			}
			version.AppendWords([4]uint64{c.Version.Sequence, c.Version.LSN})
			position.Append(uint64(i))
		}
	}
	var columns []string
	for _, c := range block {
		columns = append(columns, c.Name+" "+c.Values.Type())
	}
	sql := "INSERT INTO casts (id, store_id, name, category, price, stock, created_at, updated_at, _version, _deleted, _batch, _position) " +
		"SELECT toUUIDOrZero(c0), toUUIDOrZero(c1), ifNull(c2, ''), ifNull(c3, ''), ifNull(toDecimal64OrNull(c4, 2), 0), ifNull(toInt32OrNull(c5), 0), " +
		"ifNull(parseDateTime64BestEffortOrNull(c6, 3, 'UTC'), 0), ifNull(parseDateTime64BestEffortOrNull(c7, 3, 'UTC'), 0), v, 0, 'a', p " +
		"FROM input('" + strings.Join(columns, ", ") + "') FORMAT Native"
	if _, err := db.InsertStream(t.Context(), sql, block.Reader(), "", warehouse.WithSettings(map[string]any{"insert_deduplicate": 0})); err != nil {
		t.Fatal(err)
	}
}
