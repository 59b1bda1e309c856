package warehousetest

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/warehouse"
)

var jsonCases = []struct {
	name, sql string
	limit     int
	want      []string
}{
	{"types", "SELECT 1 AS a, 'x\"y' AS b, NULL AS c, [1, 2] AS d, toDecimal64('1.25', 2) AS e", 0,
		[]string{`{"a":1,"b":"x\"y","c":null,"d":[1,2],"e":1.25}`}},
	{"large integers are numbers", "SELECT toUInt64(18446744073709551615) AS n", 0, []string{`{"n":18446744073709551615}`}},
	{"odd names", "SELECT 1 AS `a.b`, 2 AS `x\"y`, 3 AS `ñ`", 0, []string{`{"a.b":1,"x\"y":2,"ñ":3}`}},
	{"order and limit", "SELECT number AS n FROM numbers(1000) ORDER BY n DESC", 2, []string{`{"n":999}`, `{"n":998}`}},
	{"own limit", "SELECT number AS n FROM numbers(10) LIMIT 1", 5, []string{`{"n":0}`}},
	{"semicolon", "SELECT 1 AS a ; ", 0, []string{`{"a":1}`}},
	{"comments", "-- first; \nSELECT ';' AS a /* ; */ -- it's\n; -- last", 0, []string{`{"a":";"}`}},
	{"comment at the end", "SELECT 1 AS a -- end", 0, []string{`{"a":1}`}},
	{"with", "WITH x AS (SELECT 3 AS n) SELECT n FROM x SETTINGS max_threads = 1", 0, []string{`{"n":3}`}},
	{"union", "SELECT 1 AS a UNION ALL SELECT 1 AS a", 0, []string{`{"a":1}`, `{"a":1}`}},
	{"in brackets", "(SELECT 1 AS a)", 0, []string{`{"a":1}`}},
	{"no rows", "SELECT 1 AS a WHERE 0", 0, nil},
	{"show", "SHOW DATABASES LIKE 'syste_'", 0, []string{`{"name":"system"}`}},
	{"exists", "EXISTS TABLE system.one;", 0, []string{`{"result":1}`}},
	{"explain", "EXPLAIN SYNTAX SELECT 1", 1, []string{`{"explain":"SELECT 1"}`}},
}

// testLongStatements: statements that are longer than the engine takes by itself.
func testLongStatements(t *testing.T, c *warehouse.Client) {
	list := strings.Repeat("'a', ", 1<<18) + "'b'"
	exec(t, c, "CREATE TABLE texts ENGINE = Memory AS SELECT arrayJoin(['a', 'b', 'c']) AS s WHERE s IN ("+list+")")
	if got := values(t, c, "SELECT count() FROM texts WHERE s IN ("+list+")"); fmt.Sprint(got) != "[[2]]" {
		t.Errorf("%v rows", got)
	}
	rows, err := c.QueryJSON(t.Context(), "SELECT s FROM texts WHERE s NOT IN ("+list+")", 1)
	if err != nil || len(rows) > 0 {
		t.Errorf("%s, %v", rows, err)
	}
}

func testJSON(t *testing.T, c *warehouse.Client) {
	for _, tc := range jsonCases {
		rows, err := c.QueryJSON(t.Context(), tc.sql, tc.limit)
		if err != nil {
			t.Errorf("%s: %v", tc.name, err)
			continue
		}
		var got []string
		for _, r := range rows {
			got = append(got, string(r))
		}
		if fmt.Sprint(got) != fmt.Sprint(tc.want) {
			t.Errorf("%s: got %v, want %v", tc.name, got, tc.want)
		}
	}
	testJSONErrors(t, c)
}

// testJSONErrors wants positions in the statement as the caller wrote it.
func testJSONErrors(t *testing.T, c *warehouse.Client) {
	_, err := c.QueryJSON(t.Context(), "SELECT 1,\n  2 FRM x y\nFROM t", 1)
	wantPosition(t, err, 2, 9)
	if _, err := c.QueryJSON(t.Context(), "SELECT 1; SELECT 2", 1); !warehouse.IsCode(err, warehouse.CodeSyntaxError) {
		t.Errorf("two statements: %v", err)
	}
	quoted := warehouse.WithSettings(map[string]any{"output_format_json_quote_64bit_integers": 1})
	rows, err := c.QueryJSON(t.Context(), "SELECT toUInt64(1) AS n", 0, quoted)
	if err != nil || len(rows) != 1 || string(rows[0]) != `{"n":"1"}` {
		t.Errorf("quoted integers: %s, %v", rows, err)
	}
}

func testSettings(t *testing.T, c *warehouse.Client) {
	const read = "SELECT toUInt64(getSetting('max_block_size'))"
	if got := one(t, c, "SELECT toUInt64(getSetting('async_insert'))"); got != uint64(0) {
		t.Errorf("async_insert is %v", got)
	}
	cfg := c.Config()
	cfg.Settings = map[string]any{"max_block_size": 777}
	own := OpenOn(t, cfg)
	if got := one(t, own, read); got != uint64(777) {
		t.Errorf("setting of the client: %v", got)
	}
	if got := one(t, own, read, warehouse.WithSettings(map[string]any{"max_block_size": 888})); got != uint64(888) {
		t.Errorf("setting of the query: %v", got)
	}
	_, err := c.Exec(t.Context(), "SELECT 1", warehouse.WithSettings(map[string]any{"no_such_setting": 1}))
	if !warehouse.IsCode(err, 115) {
		t.Errorf("unknown setting: %v", err)
	}
}

func testStats(t *testing.T, c *warehouse.Client) {
	exec(t, c, "CREATE TABLE s (n UInt64) ENGINE = MergeTree ORDER BY n")
	var last warehouse.Progress
	stats, err := c.Exec(t.Context(), "INSERT INTO s SELECT number FROM numbers(100000)",
		warehouse.WithProgress(func(p warehouse.Progress) { last = p }))
	if err != nil {
		t.Fatal(err)
	}
	if stats.WrittenRows != 100000 || stats.WrittenBytes != 800000 || stats.ReadRows != 100000 {
		t.Errorf("stats %+v", stats)
	}
	if last.WrittenRows != stats.WrittenRows || stats.Elapsed <= 0 {
		t.Errorf("progress %+v, stats %+v", last, stats)
	}
}

// testBigResult reads 1.1 GB and looks at what of it stays.
func testBigResult(t *testing.T, c *warehouse.Client) {
	const rowsWanted, bound = 10_000_000, 128 << 20
	rows, err := c.Query(t.Context(), fmt.Sprintf("SELECT number, toFixedString(toString(number), 100) FROM numbers(%d)", rowsWanted))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var n, sum, got uint64
	var text string
	var before, during runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for rows.Next() {
		if err := rows.Scan(&got, &text); err != nil {
			t.Fatal(err)
		}
		if sum += got; n%(rowsWanted/4) == 0 {
			runtime.GC()
			runtime.ReadMemStats(&during)
			if during.HeapAlloc > before.HeapAlloc+bound {
				t.Fatalf("heap grew from %d to %d bytes after %d rows", before.HeapAlloc, during.HeapAlloc, n)
			}
		}
		n++
	}
	if rows.Err() != nil || n != rowsWanted || sum != rowsWanted*(rowsWanted-1)/2 {
		t.Errorf("read %d rows with sum %d: %v", n, sum, rows.Err())
	}
}

func testQuoting(t *testing.T, c *warehouse.Client) {
	for _, s := range []string{"plain", "it's", `back\slash`, "new\nline", "a`b", `"`, "ñ😀", "\x00", "", `\'`} {
		if got := one(t, c, "SELECT "+warehouse.Literal(s)); got != s {
			t.Errorf("Literal(%q) gives %q", s, got)
		}
		if s == "" {
			continue
		}
		rows, err := c.Query(t.Context(), "SELECT 1 AS "+warehouse.Ident(s))
		if err != nil {
			t.Errorf("Ident(%q): %v", s, err)
			continue
		}
		if got := rows.Columns()[0].Name; got != s {
			t.Errorf("Ident(%q) gives %q", s, got)
		}
		_ = rows.Close()
	}
}
