package main

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// checksum is a table's row count and the sum of its rows' hashes, which do
// not depend on the order of rows.
type checksum struct{ rows, hash string }

// clocks are columns that say when a row arrived, or with which load: two
// warehouses of the same data differ in them.
var clocks = []string{"ingested_at", "_batch", "_position", "loaded_at", "rejected_at"}

// checksums reads every table and view of the shop but the columns named.
func (s *shop) checksums(t testing.TB, without ...string) map[string]checksum {
	t.Helper()
	out := map[string]checksum{}
	for table, columns := range s.columns(t, without) {
		rows := s.query(t, fmt.Sprintf("select toString(count()) as n, toString(sum(cityHash64(formatRow('TSV', %s)))) as h from $db.%s",
			strings.Join(columns, ", "), table))
		out[strings.Trim(strings.TrimSuffix(table, " final"), "`")] = checksum{rows[0].text("n"), rows[0].text("h")}
	}
	return out
}

// columns gives the columns of each table as they are to be read: states of
// aggregates as their results, and tables that sum up in merges as summed up. A
// materialized view only shows the table that it writes.
func (s *shop) columns(t testing.TB, without []string) map[string][]string {
	t.Helper()
	final := map[string]string{}
	for _, table := range s.query(t, fmt.Sprintf("select name, engine from system.tables where database = '%s' and engine != 'MaterializedView'", s.database)) {
		final[table.text("name")] = "`" + table.text("name") + "`"
		if table.text("engine") == "SummingMergeTree" {
			final[table.text("name")] += " final"
		}
	}
	out := map[string][]string{}
	for _, c := range s.query(t, fmt.Sprintf("select table, name, type from system.columns where database = '%s' order by table, position", s.database)) {
		table, name := final[c.text("table")], "`"+c.text("name")+"`"
		if table == "" || slices.Contains(without, c.text("name")) {
			continue
		}
		if strings.HasPrefix(c.text("type"), "AggregateFunction(") {
			name = "finalizeAggregation(" + name + ")"
		}
		out[table] = append(out[table], name)
	}
	return out
}

// sameTables wants two warehouses, or one at two times, to hold the same rows.
func sameTables(t *testing.T, before, after map[string]checksum) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if before[name] != after[name] {
			t.Errorf("%s: %+v, and %+v", name, before[name], after[name])
		}
	}
	for name := range after {
		if _, there := before[name]; !there {
			t.Errorf("only one side has %s", name)
		}
	}
}

// testLoadAgain loads the same files, by the history of loads and without it.
func testLoadAgain(t *testing.T, s *shop, paths ...string) {
	before := s.checksums(t)
	delete(before, "load_history")
	for _, flags := range [][]string{nil, {"--reload"}} {
		s.run(t, slices.Concat([]string{"load", "--allow-expired"}, flags, paths)...)
		after := s.checksums(t)
		delete(after, "load_history")
		sameTables(t, before, after)
	}
}

// testBuildAgain builds what is built already.
func testBuildAgain(t *testing.T, s *shop) {
	before := s.checksums(t)
	s.run(t, "build")
	sameTables(t, before, s.checksums(t))
}
