package main

import (
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// checkKPIs holds every KPI, in every period, for the platform and each store,
// against what is counted from the files.
func checkKPIs(t *testing.T, s *shop, r *recount) {
	answers := map[string][]tuple{}
	for _, k := range kpis {
		t.Run(k.name, func(t *testing.T) {
			if _, asked := answers[k.analysis]; !asked {
				answers[k.analysis] = s.analysis(t, k.analysis)
			}
			compareFigures(t, k, k.figures(t, answers[k.analysis]), k.counted(r))
		})
	}
}

// counted counts a KPI once.
func (k kpi) counted(r *recount) figures {
	if r.counted[k.name] == nil {
		r.counted[k.name] = k.count(r)
	}
	return r.counted[k.name]
}

// analysis gives all rows of a KPI's query. Of the stock, which has a row for
// every store and day, it takes the months.
func (s *shop) analysis(t testing.TB, name string) []tuple {
	t.Helper()
	if name != "stock" {
		return s.show(t, "-s", name)
	}
	sql, err := os.ReadFile(filepath.Join(s.dir, "models", "analyses", "kpi", name+".sql"))
	if err != nil {
		t.Fatal(err)
	}
	return s.show(t, "--inline", "select * from (\n"+string(sql)+"\n) where grain = 'month'")
}

// figures reads the KPI's column. Rows of the month alone are of months.
func (k kpi) figures(t testing.TB, rows []tuple) figures {
	t.Helper()
	out := figures{}
	for _, row := range rows {
		key := at{row.text("grain"), row.text("period_start") + row.text("cohort_month") + row.text("month"), row.text("scope"), row.text("store_id"), ""}
		if row.text("month") != "" {
			key.grain = "month"
		}
		if k.item != nil {
			key.item = k.item(row)
		}
		if _, twice := out[key]; twice {
			t.Fatalf("%s has two rows for %+v", k.analysis, key)
		}
		if text := row.text(k.column); text != "" {
			out[key] = rat(text)
		}
	}
	return out
}

// compareFigures wants equal figures; rates, which are floats, to nine digits.
func compareFigures(t *testing.T, k kpi, got, want figures) {
	t.Helper()
	keys := map[at]bool{}
	for _, side := range []figures{got, want} {
		for key := range side {
			keys[key] = true
		}
	}
	wrong := 0
	for key := range keys {
		g, w := got[key], want[key]
		if !k.rate {
			g, w = orZero(g), orZero(w)
		}
		if same(g, w, k.rate) {
			continue
		}
		if wrong++; wrong <= 3 {
			t.Errorf("%+v: %s, counted from the files %s", key, figureText(g), figureText(w))
		}
	}
	if wrong > 3 {
		t.Errorf("%d of %d figures differ", wrong, len(keys))
	}
}

func same(a, b *big.Rat, rate bool) bool {
	if a == nil || b == nil {
		return a == b
	}
	if !rate {
		return a.Cmp(b) == 0
	}
	difference := new(big.Rat).Sub(a, b)
	bound := new(big.Rat).Abs(b)
	if bound.Cmp(one) < 0 {
		bound = one
	}
	return difference.Abs(difference).Cmp(new(big.Rat).Mul(bound, big.NewRat(1, 1e9))) <= 0
}

func figureText(r *big.Rat) string {
	if r == nil {
		return "null"
	}
	return strings.TrimRight(strings.TrimRight(r.FloatString(10), "0"), ".")
}
