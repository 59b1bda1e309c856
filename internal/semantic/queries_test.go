package semantic_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/semantic"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// testCase is a query and the same question in SQL that was written by hand.
type testCase struct {
	name  string
	query semantic.Query
	sql   string
}

// readCases reads a file of cases: a line "=== name", lines "key: value", and
// the SQL behind a line "---".
func readCases(t testing.TB, file string) []testCase {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var cases []testCase
	for _, block := range strings.Split("\n"+string(text), "\n=== ")[1:] {
		head, sql, ok := strings.Cut(block, "\n---\n")
		if !ok {
			t.Fatalf("%s: no SQL in %s", file, block)
		}
		lines := strings.Split(head, "\n")
		c := testCase{name: lines[0], sql: strings.TrimSpace(sql)}
		for _, line := range lines[1:] {
			key, value, _ := strings.Cut(line, ": ")
			c.set(t, key, value)
		}
		cases = append(cases, c)
	}
	return cases
}

func (c *testCase) set(t testing.TB, key, value string) {
	list := strings.Split(value, ", ")
	q := &c.query
	var err error
	switch key {
	case "metrics":
		q.Metrics = list
	case "by":
		q.GroupBy = list
	case "where":
		q.Where = append(q.Where, value)
	case "order":
		q.OrderBy = list
	case "stores":
		q.Stores = append([]string{}, strings.Fields(strings.ReplaceAll(value, ",", ""))...)
	case "start":
		q.Start, err = time.Parse(time.DateOnly, value)
	case "end":
		q.End, err = time.Parse(time.DateOnly, value)
	case "limit":
		q.Limit, err = strconv.Atoi(value)
	case "compare":
		q.Compare = semantic.Comparison(value)
	case "saved":
		q.Saved = value
	case "zone":
		q.TimeZone = value
	case "week":
		day := map[string]time.Weekday{"sunday": time.Sunday, "wednesday": time.Wednesday}[value]
		q.WeekStart = &day
	case "sparse":
		q.Sparse = true
	default:
		t.Fatalf("case %s: unknown key %q", c.name, key)
	}
	if err != nil {
		t.Fatalf("case %s: %v", c.name, err)
	}
}

// TestQueries holds each query's SQL against its golden file, and its answer
// against that of the hand-written SQL.
func TestQueries(t *testing.T) {
	db, man := openShop(t)
	stable := shop(t, "shop")
	files, err := filepath.Glob("testdata/queries/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	count, seen := 0, map[string]bool{}
	for _, file := range files {
		for _, c := range readCases(t, file) {
			count++
			t.Run(c.name, func(t *testing.T) {
				if seen[c.name] {
					t.Fatal("the name is taken")
				}
				seen[c.name] = true
				golden(t, stable, c)
				compareAnswers(t, db, man, c)
			})
		}
	}
	if count < 150 {
		t.Errorf("%d cases, want at least 150", count)
	}
}

func golden(t *testing.T, man *semantic.Manifest, c testCase) {
	t.Helper()
	statement, err := man.Compile(c.query)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join("testdata", "golden", c.name+".sql")
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(name, []byte(statement.SQL+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if string(want) != statement.SQL+"\n" {
		t.Errorf("%s does not hold this SQL (UPDATE_GOLDEN=1 writes it):\n%s", name, statement.SQL)
	}
}

func compareAnswers(t *testing.T, db *warehouse.Client, man *semantic.Manifest, c testCase) {
	t.Helper()
	statement, err := man.Compile(c.query)
	if err != nil {
		t.Fatal(err)
	}
	got, want := answer(t, db, statement.SQL), answer(t, db, c.sql)
	if len(want) == 0 {
		t.Errorf("the hand-written SQL has no rows")
	}
	if len(got) != len(want) {
		t.Errorf("%d rows, by hand %d", len(got), len(want))
	}
	for i := range min(len(got), len(want)) {
		if !sameRow(got[i], want[i]) {
			t.Fatalf("row %d: %v, by hand %v\n%s", i+1, got[i], want[i], statement.SQL)
		}
	}
}

// answer runs SQL and gives its rows: in their order where the query limits
// them, otherwise sorted.
func answer(t testing.TB, db *warehouse.Client, sql string) []map[string]string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	lines, err := db.QueryJSON(ctx, sql, 0)
	if err != nil {
		t.Fatalf("%s\n%v", sql, err)
	}
	var rows []map[string]string
	for _, line := range lines {
		var values map[string]json.RawMessage
		if err := json.Unmarshal(line, &values); err != nil {
			t.Fatal(err)
		}
		row := map[string]string{}
		for k, v := range values {
			row[k] = strings.Trim(string(v), `"`)
		}
		rows = append(rows, row)
	}
	slices.SortStableFunc(rows, func(a, b map[string]string) int { return strings.Compare(sortKey(a), sortKey(b)) })
	return rows
}

// sortKey is the row without its figures, which floats may print otherwise.
func sortKey(row map[string]string) string {
	var keys []string
	for k, v := range row {
		if strings.Contains(k, "__") && !strings.HasSuffix(k, "__change") && !strings.HasSuffix(k, "__previous") || k == "shop" || k == "customer" || k == "sku" || k == "order" {
			keys = append(keys, k+"="+v)
		}
	}
	slices.Sort(keys)
	return strings.Join(keys, " ")
}

func sameRow(a, b map[string]string) bool {
	if len(a) != len(b) {
		return false
	}
	for k, v := range a {
		if other, ok := b[k]; !ok || !sameValue(v, other) {
			return false
		}
	}
	return true
}

func sameValue(a, b string) bool {
	if a == b {
		return true
	}
	x, errA := strconv.ParseFloat(a, 64)
	y, errB := strconv.ParseFloat(b, 64)
	return errA == nil && errB == nil && math.Abs(x-y) <= 1e-9*max(1, math.Abs(x))
}

func describe(q semantic.Query) string { return fmt.Sprintf("%+v", q) }
