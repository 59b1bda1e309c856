package main

import (
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// expectation is one entry of the hand-written marketplace's expected.yml.
type expectation struct {
	Analysis string            `yaml:"analysis"`
	Where    map[string]string `yaml:"where"`
	Rows     *int              `yaml:"rows"`
	Expect   map[string]string `yaml:"expect"`
	Line     int               `yaml:"-"`
}

func (e *expectation) UnmarshalYAML(node *yaml.Node) error {
	type plain expectation
	e.Line = node.Line
	return node.Decode((*plain)(e))
}

// handIDs are what the file's short ids stand for.
var handIDs = map[string]string{"store_id": "57000000-0000-4000-8000-", "product_id": "9d000000-0000-4000-8000-"}

// TestHandWritten loads and builds the marketplace that was written by hand,
// and holds every value worked out beside it against its KPI's query.
func TestHandWritten(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	data := filepath.Join(s.dir, "models", "fixtures", "marketplace")
	s.run(t, "load", data, "--allow-expired")
	s.run(t, "build")
	text, err := os.ReadFile(filepath.Join(data, "expected.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var all []expectation
	if err := yaml.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	answers, asked := map[string][]tuple{}, map[string]bool{}
	for _, e := range all {
		if _, done := answers[e.Analysis]; !done {
			answers[e.Analysis] = s.show(t, "-s", e.Analysis)
		}
		e.check(t, answers[e.Analysis])
		for column := range e.Expect {
			asked[e.Analysis+"."+column] = true
		}
	}
	for _, k := range kpis {
		if k.name != "top_products" && !asked[k.analysis+"."+k.column] {
			t.Errorf("no value of %s (%s of %s) was worked out by hand", k.name, k.column, k.analysis)
		}
	}
	r := readRecount(t, data, filepath.Join(data, "events.ndjson"))
	t.Run("KPI", func(t *testing.T) { checkKPIs(t, s, r) })
	t.Run("Metrics", func(t *testing.T) { checkMetrics(t, s, r) })
	t.Run("Trailing", func(t *testing.T) { checkTrailing(t, s, r) })
	t.Run("Vendor", func(t *testing.T) { checkVendor(t, s) })
	t.Run("Report", func(t *testing.T) { checkHandReports(t, s, r) })
	t.Run("ReportKinds", func(t *testing.T) { checkHandKinds(t, s, r) })
	t.Run("EveryKPIHasFigures", func(t *testing.T) { checkKPIsHaveFigures(t, r) })
}

func (e expectation) check(t *testing.T, answer []tuple) {
	t.Helper()
	var rows []tuple
	for _, row := range answer {
		if e.matches(row) {
			rows = append(rows, row)
		}
	}
	if e.Rows != nil {
		if len(rows) != *e.Rows {
			t.Errorf("expected.yml:%d: %s has %d rows where %v, want %d", e.Line, e.Analysis, len(rows), e.Where, *e.Rows)
		}
		return
	}
	if len(rows) > 1 {
		t.Errorf("expected.yml:%d: %s has %d rows where %v", e.Line, e.Analysis, len(rows), e.Where)
		return
	}
	row := tuple{} // what has no row is 0 or null
	if len(rows) == 1 {
		row = rows[0]
	}
	for column, want := range e.Expect {
		if !handSame(column, row.text(column), want) {
			t.Errorf("expected.yml:%d: %s.%s = %q where %v, worked out by hand %s", e.Line, e.Analysis, column, row.text(column), e.Where, want)
		}
	}
}

func (e expectation) matches(row tuple) bool {
	for column, want := range e.Where {
		if row.text(column) != handID(column, want) {
			return false
		}
	}
	return true
}

// handID writes a short id out.
func handID(column, text string) string {
	prefix, isID := handIDs[column]
	if !isID {
		return text
	}
	return prefix + strings.Repeat("0", 12-len(text)) + text
}

// handSame compares an id, a number or a fraction of two; ~ is null.
func handSame(column, got, want string) bool {
	if _, isID := handIDs[column]; isID {
		return got == handID(column, want)
	}
	if want == "~" || want == "" {
		return got == ""
	}
	dividend, divisor, isFraction := strings.Cut(want, "/")
	value := rat(dividend)
	if isFraction {
		value = new(big.Rat).Quo(value, rat(divisor))
	}
	return same(rat(got), value, true) && (got != "" || value.Sign() == 0)
}

// checkKPIsHaveFigures makes sure that no KPI agrees by having nothing to say.
func checkKPIsHaveFigures(t *testing.T, r *recount) {
	var empty []string
	for _, k := range kpis {
		values := k.count(r)
		maps.DeleteFunc(values, func(_ at, value *big.Rat) bool { return value == nil || value.Sign() == 0 })
		if len(values) == 0 {
			empty = append(empty, k.name)
		}
	}
	if len(empty) > 0 {
		t.Errorf("the data say nothing about %s", strings.Join(empty, ", "))
	}
}
