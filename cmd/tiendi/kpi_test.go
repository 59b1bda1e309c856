package main

import (
	"math/big"
	"slices"
	"strings"
	"testing"
)

// kpiOf finds a KPI by its metric's name.
func kpiOf(t *testing.T, metric string) kpi {
	t.Helper()
	if metric == "sessions" { // of the platform, where a store's are its visits
		metric = "store_visits"
	}
	i := slices.IndexFunc(kpis, func(k kpi) bool { return k.name == metric })
	if i < 0 {
		t.Fatalf("%s is no KPI", metric)
	}
	return kpis[i]
}

// counted counts a KPI once.
func (k kpi) counted(r *recount) figures {
	if r.counted[k.name] == nil {
		r.counted[k.name] = k.count(r)
	}
	return r.counted[k.name]
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
