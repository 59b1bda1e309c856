package native_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/local/localtest"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/native"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

func TestMain(m *testing.M) { localtest.Main(m) }

// rows has a column of each type.
type rows struct {
	native.Block
	text, large native.Strings
	id          native.UUIDs
	small       native.UInt8s
	medium      native.UInt32s
	long        native.UInt64s
	at          native.Times
	price       native.Money
	kind        native.Categories
	list        native.UUIDLists
}

func newRows() *rows {
	r := &rows{}
	r.Block = native.Block{
		{Name: "text", Values: &r.text}, {Name: "large", Values: &r.large}, {Name: "id", Values: &r.id}, {Name: "small", Values: &r.small},
		{Name: "medium", Values: &r.medium}, {Name: "long", Values: &r.long}, {Name: "at", Values: &r.at}, {Name: "price", Values: &r.price},
		{Name: "kind", Values: &r.kind}, {Name: "list", Values: &r.list},
	}
	return r
}

// add takes the row of a number; its category is one of so many.
func (r *rows) add(i, categories int) {
	id := [16]byte{0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 1, 2, 3, 4, 5, 6, 7, byte(i)}
	r.text.Append(strings.Repeat("ñ", i%200))
	r.large.AppendBytes([]byte{0, byte(i)})
	r.id.Append(id)
	r.small.AppendFlag(i%3 == 0)
	r.medium.Append(uint32(i))
	r.long.Append(1<<63 + uint64(i))
	r.at.Append(time.UnixMilli(-1 + int64(i)))
	r.price.Append(int64(-250 + i))
	if i%categories > 0 {
		r.kind.Append(fmt.Sprint(i % categories))
	} else {
		r.kind.Append("")
	}
	for range i % 3 {
		r.list.Add(id)
	}
	r.list.End()
}

// wrong counts the rows of t that add did not make, by the server's own functions.
const wrong = `
	WITH medium AS i, toUUID(concat('12345678-9abc-def0-0102-0304050607', lower(hex(toUInt8(i))))) AS id_of
	SELECT countIf(NOT (text = repeat('ñ', i %% 200) AND large = unhex(concat('00', hex(toUInt8(i)))) AND id = id_of AND small = (i %% 3 = 0)
		AND long = bitShiftLeft(toUInt64(1), 63) + i AND at = fromUnixTimestamp64Milli(toInt64(i) - 1) AND price * 100 = toInt64(i) - 250
		AND kind = if(i %% %[1]d = 0, '', toString(i %% %[1]d)) AND list = arrayWithConstant(i %% 3, id_of)))
		+ 1000000 * (count() != %[2]d OR uniqExact(i) != %[2]d) FROM t`

// TestEveryType sends blocks whose dictionaries need places of 1, 2 and 4 bytes,
// from columns that are used again, and asks the server what it holds.
func TestEveryType(t *testing.T) {
	db := warehousetest.Open(t)
	r := newRows()
	var columns []string
	for _, c := range r.Block {
		columns = append(columns, c.Name+" "+c.Values.Type())
	}
	exec(t, db, "CREATE TABLE t ("+strings.Join(columns, ", ")+") ENGINE = Memory")
	for _, size := range []struct{ rows, categories int }{{1, 1}, {255, 2}, {600, 256}, {600, 257}, {70_000, 65_536}, {70_000, 65_537}, {3, 2}} {
		r.Reset()
		for i := range size.rows {
			r.add(i, size.categories)
		}
		exec(t, db, "TRUNCATE TABLE t")
		if _, err := db.InsertStream(t.Context(), "INSERT INTO t FORMAT Native", r.Reader(), ""); err != nil {
			t.Fatal(err)
		}
		if n := number(t, db, fmt.Sprintf(wrong, size.categories, size.rows)); n != 0 {
			t.Errorf("%+v: %d rows are wrong", size, n)
		}
	}
}

func exec(t *testing.T, db *warehouse.Client, sql string) {
	t.Helper()
	if _, err := db.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

func number(t *testing.T, db *warehouse.Client, sql string) (n uint64) {
	t.Helper()
	rows, err := db.Query(t.Context(), sql)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(&n); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return n
}
