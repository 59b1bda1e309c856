package warehousetest

import (
	"encoding/json"
	"fmt"
	"math/big"
	"net"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/warehouse"
)

func instant(s string) time.Time {
	t, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		panic(err)
	}
	return t
}

func bigInt(s string) *big.Int {
	n, _ := new(big.Int).SetString(s, 10)
	return n
}

const someID = "0190f5c2-7a4e-7bbf-8f4b-2c0b5d8f9a11"

// typeCases are ClickHouse types, a literal of each, and what Values gives.
var typeCases = []struct {
	typ, literal string
	want         any
}{
	{"Bool", "true", true},
	{"Int8", "-8", int8(-8)},
	{"Int64", "-9223372036854775808", int64(-9223372036854775808)},
	{"UInt8", "255", uint8(255)},
	{"UInt64", "18446744073709551615", uint64(18446744073709551615)},
	{"Int128", "'-170141183460469231731687303715884105728'", bigInt("-170141183460469231731687303715884105728")},
	{"UInt256", "'115792089237316195423570985008687907853269984665640564039457584007913129639935'",
		bigInt("115792089237316195423570985008687907853269984665640564039457584007913129639935")},
	{"Float32", "1.5", float32(1.5)},
	{"Float64", "0.1", 0.1},
	{"Decimal(18, 4)", "'12345678901234.5678'", decimal.RequireFromString("12345678901234.5678")},
	{"String", "'a\\0b'", "a\x00b"},
	{"FixedString(3)", "'abc'", "abc"},
	{"LowCardinality(String)", "'x'", "x"},
	{"LowCardinality(Nullable(String))", "'x'", "x"},
	{"Enum8('a' = 1, 'b' = 2)", "'b'", "b"},
	{"UUID", "'" + someID + "'", uuid.MustParse(someID)},
	{"Date", "'2024-02-29'", instant("2024-02-29T00:00:00Z")},
	{"Date32", "'1925-01-01'", instant("1925-01-01T00:00:00Z")},
	{"DateTime('UTC')", "'2024-02-29 12:30:00'", instant("2024-02-29T12:30:00Z")},
	{"DateTime64(3, 'UTC')", "'2024-02-29 12:30:00.123'", instant("2024-02-29T12:30:00.123Z")},
	{"DateTime64(6, 'America/Bogota')", "'2024-02-29 12:30:00.123456'", instant("2024-02-29T17:30:00.123456Z")},
	{"IPv4", "'10.1.2.3'", net.ParseIP("10.1.2.3")},
	{"IPv6", "'2001:db8::1'", net.ParseIP("2001:db8::1")},
	{"Nullable(Int32)", "7", int32(7)},
	{"Array(UInt16)", "[1, 2]", []uint16{1, 2}},
	{"Array(Nullable(String))", "['a', NULL]", []any{"a", nil}},
	{"Array(Array(Int64))", "[[1], [], [2, 3]]", [][]int64{{1}, {}, {2, 3}}},
	{"Map(String, UInt64)", "{'a': 1}", map[string]uint64{"a": 1}},
	{"Map(String, Array(Decimal(9, 2)))", "{'a': [1.25]}", map[string][]decimal.Decimal{"a": {decimal.RequireFromString("1.25")}}},
	{"Tuple(UInt8, Nullable(String))", "(1, NULL)", []any{uint8(1), nil}},
	{"JSON", `'{"a": {"b": [1, 2]}, "c": "x"}'`, json.RawMessage(`{"a":{"b":[1,2]},"c":"x"}`)},
	{"Variant(Int8, String)", "'v'", "v"},
	{"Dynamic", "'d'", "d"},
	{"SimpleAggregateFunction(sum, UInt64)", "5", uint64(5)},
}

// testTypes stores every type in a table and reads it back.
func testTypes(t *testing.T, c *warehouse.Client) {
	var columns, literals []string
	for i, tc := range typeCases {
		columns = append(columns, fmt.Sprintf("c%d %s", i, tc.typ))
		literals = append(literals, tc.literal)
	}
	exec(t, c, "CREATE TABLE types ("+strings.Join(columns, ", ")+") ENGINE = MergeTree ORDER BY tuple()",
		"INSERT INTO types VALUES ("+strings.Join(literals, ", ")+")")
	rows, err := c.Query(t.Context(), "SELECT * FROM types")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	if !rows.Next() {
		t.Fatal("no row", rows.Err())
	}
	got, err := rows.Values()
	if err != nil {
		t.Fatal(err)
	}
	for i, tc := range typeCases {
		if col := rows.Columns()[i]; col.Type != tc.typ || col.Name != fmt.Sprintf("c%d", i) {
			t.Errorf("column %d is %v, want %s", i, col, tc.typ)
		}
		if !same(got[i], tc.want) {
			t.Errorf("%s %s = %#v (%T), want %#v (%T)", tc.typ, tc.literal, got[i], got[i], tc.want, tc.want)
		}
	}
}

// same is equality of values: instants in any zone, addresses in any length, and
// decimals by their digits.
func same(got, want any) bool {
	switch w := want.(type) {
	case time.Time:
		g, ok := got.(time.Time)
		return ok && g.Equal(w)
	case net.IP:
		g, ok := got.(net.IP)
		return ok && g.Equal(w)
	case *big.Int:
		g, ok := got.(*big.Int)
		return ok && g.Cmp(w) == 0
	case json.RawMessage:
		g, ok := got.(json.RawMessage)
		var a, b any
		return ok && json.Unmarshal(g, &a) == nil && json.Unmarshal(w, &b) == nil && reflect.DeepEqual(a, b)
	}
	return fmt.Sprintf("%T%v", got, got) == fmt.Sprintf("%T%v", want, want)
}

func testNulls(t *testing.T, c *warehouse.Client) {
	got := values(t, c, `SELECT NULL, CAST(NULL, 'Nullable(UUID)'), CAST(NULL, 'Nullable(Decimal(9, 2))'),
		CAST(NULL, 'LowCardinality(Nullable(String))'), CAST(NULL, 'Nullable(Int256)')`)
	for i, v := range got[0] {
		if v != nil {
			t.Errorf("column %d is %#v, want nil", i, v)
		}
	}
}

// testDecimals sums money that binary fractions would get wrong.
func testDecimals(t *testing.T, c *warehouse.Client) {
	exec(t, c, "CREATE TABLE money (amount Decimal(38, 4)) ENGINE = MergeTree ORDER BY tuple()")
	b, err := c.PrepareBatch(t.Context(), "INSERT INTO money")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = b.Close() }()
	want := decimal.Zero
	for i := range 1000 {
		d := decimal.RequireFromString(fmt.Sprintf("900719925474099%d.%04d", i, (i*7919)%10000))
		want = want.Add(d)
		if err := b.Append(d); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := b.Send(); err != nil {
		t.Fatal(err)
	}
	got, ok := one(t, c, "SELECT sum(amount) FROM money").(decimal.Decimal)
	if !ok || !got.Equal(want) {
		t.Errorf("sum = %v, want %v", got, want)
	}
}

// testUnreadable reads a type that the native client has no form for, and goes on.
func testUnreadable(t *testing.T, c *warehouse.Client) {
	_, err := c.Query(t.Context(), "SELECT sumState(1) AS s")
	if err == nil || !strings.Contains(err.Error(), "finalizeAggregation") {
		t.Errorf("error %v should name finalizeAggregation", err)
	}
	if got := number(t, c, "SELECT finalizeAggregation(sumState(2))"); got != 2 {
		t.Errorf("got %d, want 2", got)
	}
}
