package bench

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// tables gives number and hash of the rows of each table.
func (s *shop) tables(t testing.TB) map[string]string {
	t.Helper()
	out := map[string]string{}
	s.look(t, func(c *warehouse.Client) {
		const list = `SELECT name, engine FROM system.tables
WHERE database = currentDatabase() AND endsWith(engine, 'MergeTree') AND NOT startsWith(name, '_tiendi')`
		for _, table := range ask(t, c, list) {
			name, final := table[0], ""
			if table[1] != "MergeTree" {
				final = " FINAL" // rows that merges add up are the same rows
			}
			rows := ask(t, c, "SELECT count(), sum(cityHash64(formatRow('TSV', *))) FROM "+warehouse.Ident(name)+final)
			out[name] = strings.Join(rows[0], " rows, hash ")
		}
	})
	return out
}

// temporary lists what runs make for themselves.
func (s *shop) temporary(t testing.TB) []string {
	t.Helper()
	var names []string
	s.look(t, func(c *warehouse.Client) {
		const list = "SELECT name FROM system.tables WHERE database = currentDatabase() AND (startsWith(name, '_tiendi') OR startsWith(name, '_tmp') OR startsWith(name, '.tmp'))"
		for _, row := range ask(t, c, list) {
			names = append(names, row[0])
		}
	})
	return names
}

// ask reads a result as text.
func ask(t testing.TB, c *warehouse.Client, sql string) [][]string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	rows, err := c.Query(ctx, sql)
	if err != nil {
		t.Fatalf("%v\n%s", err, sql)
	}
	defer func() { _ = rows.Close() }()
	var out [][]string
	for rows.Next() {
		values, err := rows.Values()
		if err != nil {
			t.Fatal(err)
		}
		line := make([]string, len(values))
		for i, v := range values {
			line[i] = fmt.Sprint(v)
		}
		out = append(out, line)
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%v\n%s", err, sql)
	}
	return out
}

// different tells which tables are not equal in two looks.
func different(a, b map[string]string) string {
	var out []string
	for name := range a {
		if a[name] != b[name] {
			out = append(out, fmt.Sprintf("%s: %s, but %s", name, a[name], b[name]))
		}
	}
	if len(a) != len(b) {
		out = append(out, strconv.Itoa(len(a))+" tables, but "+strconv.Itoa(len(b)))
	}
	return strings.Join(out, "\n")
}
