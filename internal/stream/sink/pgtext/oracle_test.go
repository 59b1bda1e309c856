package pgtext_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/stream/sink/pgtext"
	"github.com/tiendi/tiendi/internal/warehouse/native"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

// oracles say how the server reads a text of each type by itself, and which texts it is
// asked about.
var oracles = []struct {
	typ, read string
	text      func(r *rand.Rand) string
}{
	{"Decimal(18, 2)", "toDecimal64OrNull(text, 2)", decimalText(16, 2)},
	{"Decimal(9, 6)", "toDecimal32OrNull(text, 6)", decimalText(3, 6)},
	{"Decimal(38, 10)", "toDecimal128OrNull(text, 10)", decimalText(28, 10)},
	{"Decimal(76, 38)", "toDecimal256OrNull(text, 38)", decimalText(38, 38)},
	{"Int8", "toInt8OrNull(text)", decimalText(2, 0)},
	{"Int64", "toInt64OrNull(text)", decimalText(18, 0)},
	{"Int128", "toInt128OrNull(text)", decimalText(38, 0)},
	{"UInt256", "toUInt256OrNull(text)", func(r *rand.Rand) string { return strings.TrimPrefix(decimalText(70, 0)(r), "-") }},
	// The server's own reading of floats is off by the last bit now and then: to its
	// Decimal reading ours is exact, and printed it is what the text says.
	{"Float64", "toFloat64(text)", func(r *rand.Rand) string { return fmt.Sprint(r.NormFloat64()) }},
	{"Date32", "toDate32(text)", func(r *rand.Rand) string { return randomTime(r).Format(time.DateOnly) }},
	{"DateTime64(6, 'UTC')", "parseDateTime64BestEffort(text, 6, 'UTC')", timeText},
	{"DateTime64(3, 'UTC')", "parseDateTime64BestEffort(text, 3, 'UTC')", timeText},
	{"UUID", "toUUID(text)", func(r *rand.Rand) string {
		return fmt.Sprintf("%08x-%04x-%04x-%04x-%012x", r.Uint32(), r.Uint32()>>16, r.Uint32()>>16, r.Uint32()>>16, r.Uint64()>>16)
	}},
}

func decimalText(whole, places int) func(r *rand.Rand) string {
	digits := func(r *rand.Rand, n int) string {
		text := make([]byte, n)
		for i := range text {
			text[i] = '0' + byte(r.IntN(10))
		}
		return string(text)
	}
	return func(r *rand.Rand) string {
		text := digits(r, 1+r.IntN(whole))
		if r.IntN(2) == 0 {
			text = "-" + text
		}
		if places > 0 && r.IntN(4) > 0 {
			text += "." + digits(r, 1+r.IntN(places))
		}
		return text
	}
}

func randomTime(r *rand.Rand) time.Time {
	from := time.Date(1900, 1, 2, 0, 0, 0, 0, time.UTC).Unix()
	to := time.Date(2299, 12, 30, 0, 0, 0, 0, time.UTC).Unix()
	return time.Unix(from+r.Int64N(to-from), r.Int64N(1e9)).UTC()
}

func timeText(r *rand.Rand) string {
	layout := []string{"2006-01-02 15:04:05", "2006-01-02 15:04:05.999999", "2006-01-02 15:04:05.999"}[r.IntN(3)]
	zone := []string{"", "+00", "-03:30", "+14:00", "+05"}[r.IntN(5)]
	return randomTime(r).Format(layout) + zone
}

// TestAgainstTheServer has texts of all types read here and by the server.
func TestAgainstTheServer(t *testing.T) {
	db := warehousetest.Open(t)
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	for _, o := range oracles {
		r := rand.New(rand.NewPCG(seed, 0))
		column, err := pgtext.NewColumn(o.typ)
		if err != nil {
			t.Fatal(err)
		}
		var texts native.Strings
		for range 20_000 {
			text := o.text(r)
			if err := column.Append([]byte(text)); err != nil {
				t.Errorf("%s %q: %v", o.typ, text, err)
				continue
			}
			texts.Append(text)
		}
		exec(t, db, "CREATE OR REPLACE TABLE t (text String, v "+o.typ+") ENGINE = Memory")
		insert(t, db, native.Block{{Name: "text", Values: &texts}, {Name: "v", Values: column.Growing}})
		got := text(t, db, "SELECT toString(groupArray(5)((text, v, "+o.read+"))) FROM t WHERE NOT ifNull(v = "+o.read+", 0)")
		if got != "[]" {
			t.Errorf("%s: text, ours, the server's: %s", o.typ, got)
		}
	}
}

// FuzzColumn looks for texts that break a column: whatever comes, a row is there or
// nothing is, and what is there can be read.
func FuzzColumn(f *testing.F) {
	for i, c := range cases {
		f.Add(i, []byte(c.text))
	}
	f.Add(30, []byte(`{{"a\`))
	f.Fuzz(func(t *testing.T, i int, text []byte) {
		typ := cases[uint(i)%uint(len(cases))].typ
		column, err := pgtext.NewColumn(typ)
		if err != nil {
			t.Fatal(err)
		}
		if err := column.Append([]byte(nil)); err != nil {
			t.Fatal(err)
		}
		end := column.End()
		if err := column.Append(text); err != nil && column.End() != end || err == nil && column.Rows() != 2 {
			t.Fatalf("%s %q: %v, %+v after %+v", typ, text, err, column.End(), end)
		}
	})
}

func FuzzNewColumn(f *testing.F) {
	for _, c := range cases {
		f.Add(c.typ)
	}
	f.Fuzz(func(t *testing.T, typ string) { _, _ = pgtext.NewColumn(typ) })
}
