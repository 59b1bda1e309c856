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

// expectation is one entry of the hand-written marketplace's expected.yml: a
// question to `tiendi query`, and the row or the rows that answer it.
type expectation struct {
	Where   map[string]string   `yaml:"where"`
	By      []string            `yaml:"by"`
	OrderBy []string            `yaml:"order_by"`
	Expect  map[string]string   `yaml:"expect"`
	Rows    []map[string]string `yaml:"rows"`
	Line    int                 `yaml:"-"`
}

func (e *expectation) UnmarshalYAML(node *yaml.Node) error {
	type plain expectation
	e.Line = node.Line
	return node.Decode((*plain)(e))
}

// handIDs are what the file's short ids stand for.
var handIDs = map[string]string{"store": "57000000-0000-4000-8000-", "product": "9d000000-0000-4000-8000-"}

// TestHandWritten loads and builds the marketplace that was written by hand,
// and holds every value worked out beside it against its KPI's metric.
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
	checkHandWorked(t, s, all)
	r := readRecount(t, data, filepath.Join(data, "events.ndjson"))
	t.Run("Metrics", func(t *testing.T) { checkMetrics(t, s, r) })
	t.Run("Trailing", func(t *testing.T) { checkTrailing(t, s, r) })
	t.Run("TopProducts", func(t *testing.T) { checkTopProducts(t, s, r) })
	t.Run("Vendor", func(t *testing.T) { checkVendor(t, s) })
	t.Run("Report", func(t *testing.T) { checkHandReports(t, s, r) })
	t.Run("ReportKinds", func(t *testing.T) { checkHandKinds(t, s, r) })
	t.Run("EveryKPIHasFigures", func(t *testing.T) { checkKPIsHaveFigures(t, r) })
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
