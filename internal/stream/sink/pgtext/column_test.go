package pgtext_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/stream/sink/pgtext"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/native"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

// null is the NULL of the tests.
const null = "\x00"

// cases are a type, a text, and what the server then says that the column holds.
var cases = []struct{ typ, text, want string }{
	{"String", "ñ 'a'\n{}", "ñ 'a'\n{}"},
	{"String", null, ""},
	{"LowCardinality(String)", "ENTREGADO", "ENTREGADO"},
	{"LowCardinality(Nullable(String))", "a", "a"},
	{"LowCardinality(Nullable(String))", null, null},
	{"Nullable(String)", "", ""},
	{"Nullable(String)", `{"a": [1.10, null]}`, `{"a": [1.10, null]}`},
	{"UUID", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
	{"UUID", null, "00000000-0000-0000-0000-000000000000"},
	{"Nullable(UUID)", null, null},
	{"Bool", "t", "true"},
	{"UInt8", "t", "1"},
	{"UInt8", "f", "0"},
	{"UInt8", "255", "255"},
	{"Int8", "-128", "-128"},
	{"Int32", "-2147483648", "-2147483648"},
	{"Int64", "9223372036854775807", "9223372036854775807"},
	{"Int64", "-9223372036854775808", "-9223372036854775808"},
	{"UInt64", "18446744073709551615", "18446744073709551615"},
	{"Int128", "-170141183460469231731687303715884105728", "-170141183460469231731687303715884105728"},
	{"UInt256", "115792089237316195423570985008687907853269984665640564039457584007913129639935", "115792089237316195423570985008687907853269984665640564039457584007913129639935"},
	{"Nullable(Int16)", null, null},
	{"Int32", "12.000", "12"},
	{"Decimal(18, 2)", "0.07", "0.07"},
	{"Decimal(18, 2)", "-9999999999999999.99", "-9999999999999999.99"},
	{"Decimal(18, 2)", "1.5000", "1.5"},
	{"Decimal(18, 2)", "1e+15", "1000000000000000"},
	{"Decimal(18, 2)", "2.5e-01", "0.25"},
	{"Decimal(9, 6)", "0.123456", "0.123456"},
	{"Decimal(76, 38)", "-12345678901234567890123456789012345678.12345678901234567890123456789012345678", "-12345678901234567890123456789012345678.12345678901234567890123456789012345678"},
	{"Decimal(38, 10)", "0.1", "0.1"},
	{"Float64", "0.1", "0.1"},
	{"Float64", "-Infinity", "-inf"},
	{"Float64", "NaN", "nan"},
	{"Float32", "3.25", "3.25"},
	{"Date", "2149-06-06", "2149-06-06"},
	{"Date32", "1900-01-01", "1900-01-01"},
	{"Date32", "infinity", "2299-12-31"},
	{"DateTime('UTC')", "2026-11-20 12:30:45+00", "2026-11-20 12:30:45"},
	{"DateTime64(3, 'UTC')", "2026-11-20 12:30:45.123999", "2026-11-20 12:30:45.123"},
	{"DateTime64(3, 'UTC')", "2026-11-20 12:30:45.5-03:30", "2026-11-20 16:00:45.500"},
	{"DateTime64(3, 'UTC')", "1947-08-15 00:00:00+05:21:10", "1947-08-14 18:38:50.000"},
	{"DateTime64(3, 'UTC')", "1969-12-31 23:59:59.9999", "1969-12-31 23:59:59.999"},
	{"DateTime64(3, 'UTC')", "2026-11-20", "2026-11-20 00:00:00.000"},
	{"DateTime64(6, 'UTC')", "infinity", "2299-12-31 23:59:59.999999"},
	{"DateTime64(3, 'UTC')", "-infinity", "1900-01-01 00:00:00.000"},
	{"DateTime64(3, 'UTC')", null, "1970-01-01 00:00:00.000"},
	{"Nullable(DateTime64(3, 'UTC'))", null, null},
	{"DateTime64(9, 'UTC')", "2262-04-11 23:47:16.854775", "2262-04-11 23:47:16.854775000"},
	{"Array(Int32)", "{1,-2,3}", "[1,-2,3]"},
	{"Array(Int32)", "{}", "[]"},
	{"Array(Int32)", null, "[]"},
	{"Array(Nullable(Int32))", "{1,NULL}", "[1,NULL]"},
	{"Array(String)", `{a,"b, \"c\\d\"","NULL",""}`, `['a','b, "c\\d"','NULL','']`},
	{"Array(Array(Int8))", "{{1,2},{3}}", "[[1,2],[3]]"},
	{"Array(DateTime64(3, 'UTC'))", `{"2026-11-20 12:30:45+00"}`, "['2026-11-20 12:30:45.000']"},
}

// TestEveryType sends one row for each case, and a row that was taken back before it.
func TestEveryType(t *testing.T) {
	db := warehousetest.Open(t)
	for _, c := range cases {
		column, err := pgtext.NewColumn(c.typ)
		if err != nil {
			t.Fatal(err)
		}
		end := column.End()
		for _, text := range []string{c.text, null} {
			if err := column.Append(bytesOf(text)); err != nil {
				t.Fatalf("%s %q: %v", c.typ, c.text, err)
			}
		}
		column.Cut(end)
		if err := column.Append(bytesOf(c.text)); err != nil {
			t.Fatal(err)
		}
		exec(t, db, "CREATE OR REPLACE TABLE t (v "+c.typ+") ENGINE = Memory")
		insert(t, db, native.Block{{Name: "v", Values: column.Growing}})
		if got := text(t, db, "SELECT ifNull(toString(v), '\\0') FROM t"); got != c.want {
			t.Errorf("%s %q is %q, want %q", c.typ, c.text, got, c.want)
		}
	}
}

// TestMisfits are texts that the column cannot hold as they are. They leave nothing.
func TestMisfits(t *testing.T) {
	for _, c := range []struct{ typ, text, why string }{
		{"UUID", "a0eebc99", "no UUID"},
		{"Bool", "yes", "neither true nor false"},
		{"UInt8", "256", "beyond the range of UInt8"},
		{"UInt8", "-1", "beyond the range"},
		{"UInt8", "true story", "no finite number"},
		{"Int64", "9223372036854775808", "beyond the range"},
		{"Int128", "170141183460469231731687303715884105728", "beyond the range"},
		{"Int32", "1.5", "more than the 0 decimals"},
		{"Decimal(18, 2)", "1.005", "more than the 2 decimals"},
		{"Decimal(18, 2)", "10000000000000000", "beyond the range"},
		{"Decimal(9, 2)", "10000000.00", "beyond the range"},
		{"Decimal(76, 38)", "1e1000000", "more digits"},
		{"Decimal(76, 38)", "1e99999999999", "no finite number"},
		{"Decimal(18, 2)", "NaN", "no finite number"},
		{"Decimal(18, 2)", "Infinity", "no finite number"},
		{"Decimal(18, 2)", "$1.00", "no finite number"},
		{"Decimal(18, 2)", "", "no finite number"},
		{"Float64", "1e999", "no number that a Float64 holds"},
		{"Float64", "0x1p3", "no number"},
		{"Date", "1969-12-31", "beyond the range of Date"},
		{"Date32", "2300-01-01", "beyond the range"},
		{"Date32", "0044-03-15 BC", "before the common era"},
		{"Date", "2026-02-29", "no time in ISO 8601"},
		{"Date", "20/11/2026", "no time in ISO 8601"},
		{"Date", "2026-11-20 10:00:00", "no date"},
		{"DateTime64(3, 'UTC')", "9999-12-31 00:00:00", "beyond the range"},
		{"DateTime64(3, 'UTC')", "294276-12-31 00:00:00", "beyond the range"},
		{"DateTime64(3, 'UTC')", "1899-12-31 23:59:59.999+00", "beyond the range"},
		{"DateTime64(9, 'UTC')", "2262-04-11 23:47:16.854776", "beyond the range"},
		{"DateTime64(3, 'UTC')", "2026-11-20 24:00:00", "no time in ISO 8601"},
		{"DateTime64(3, 'UTC')", "2026-11-20 10:00:00 PST", "no time in ISO 8601"},
		{"Array(Int32)", "{1,NULL}", "NULL"},
		{"Array(Int32)", "{{1},{2}}", "more dimensions"},
		{"Array(String)", "[0:1]={a,b}", "indexes do not begin at 1"},
		{"Array(Int8)", "{1,200}", "beyond the range"},
		{"Array(Int8)", "{1,}", "no array"},
		{"Array(Int8)", "{1", "no array"},
		{"Array(String)", `{"a`, "no array"},
	} {
		column, err := pgtext.NewColumn(c.typ)
		if err != nil {
			t.Fatal(err)
		}
		if err := column.Append([]byte(c.text)); err == nil || !strings.Contains(err.Error(), c.why) {
			t.Errorf("%s %q: %v, want %q", c.typ, c.text, err, c.why)
		}
		if end := column.End(); column.Rows() != 0 || end != (native.Place{}) {
			t.Errorf("%s %q: it left %+v", c.typ, c.text, end)
		}
	}
	for _, typ := range []string{"JSON", "Map(String, UInt8)", "Decimal(18", "DateTime64(10)", strings.Repeat("Array(", 1000)} {
		if c, err := pgtext.NewColumn(typ); err == nil {
			t.Errorf("%s is %v", typ, c)
		}
	}
}

func bytesOf(text string) []byte {
	if text == null {
		return nil
	}
	return []byte(text)
}

func exec(t testing.TB, db *warehouse.Client, sql string) {
	t.Helper()
	if _, err := db.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func insert(t testing.TB, db *warehouse.Client, b native.Block) {
	t.Helper()
	names := make([]string, len(b))
	for i, c := range b {
		names[i] = c.Name
	}
	if _, err := db.InsertStream(t.Context(), "INSERT INTO t ("+strings.Join(names, ", ")+") FORMAT Native", b.Reader(), ""); err != nil {
		t.Fatal(err)
	}
}

// text is the one value of a query.
func text(t testing.TB, db *warehouse.Client, sql string) (v string) {
	t.Helper()
	rows, err := db.Query(t.Context(), sql)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		if err := rows.Scan(&v); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(fmt.Errorf("%s: %w", sql, err))
	}
	return v
}
