package main

import (
	"slices"
	"strings"
	"testing"
)

// checkVendor wants what a vendor reads of his store, without asking for it, to
// be what an administrator reads of that store among all.
func checkVendor(t *testing.T, s *shop) {
	var names []string
	for _, m := range metricKPIs() {
		if slices.Contains(m.scopes, "store") && m.items == nil && !slices.Contains(names, m.metric) {
			names = append(names, m.metric)
		}
	}
	metrics := strings.Join(names, ",")
	all := s.metrics(t, "--metrics", metrics, "--group-by", "store")
	if len(all) < 3 {
		t.Fatalf("%d stores are too few to tell them apart", len(all))
	}
	for _, row := range all {
		store := row.text("store")
		if store == noStore || store == "" {
			continue
		}
		mine := s.metrics(t, "--metrics", metrics, "--stores", store)[0]
		grouped := s.metrics(t, "--metrics", metrics, "--group-by", "store", "--stores", store)
		if len(grouped) != 1 || grouped[0].text("store") != store {
			t.Errorf("store %s sees %d stores", store, len(grouped))
		}
		for _, name := range names {
			if !sameText(row.text(name), mine.text(name)) {
				t.Errorf("store %s: %s is %s to its vendor, and %s among all", store, name, mine.text(name), row.text(name))
			}
		}
	}
}

// sameText compares figures; a store without rows has a count of 0 or null.
func sameText(a, b string) bool {
	return same(rat(a), rat(b), true)
}
