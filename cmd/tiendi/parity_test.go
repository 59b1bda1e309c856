package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
)

// rawModels are the tables that data come into; the rest is built from them.
var rawModels = []string{"events_raw", "orders_raw", "order_items_raw", "products_raw", "stores_raw", "users_raw", "subscriptions_raw"}

// TestDbtParity runs the same project by real dbt and by tiendi, each in a
// database of its own on one engine: a first build, more data, and a build on
// top of it. The raw rows of one are copied to the other with the moments of
// their arrival, so that every column of every table can be compared.
func TestDbtParity(t *testing.T) {
	t.Parallel()
	d := newDBT(t)
	ours, theirs := newShop(t), d.shop
	data := filepath.Join(ours.dir, "data")
	ours.run(t, "generate", "--out", data, "--days", "30", "--stores", "8", "--users", "200", "--probe-interval", "1h", "--history")
	parts := shuffle(t, data, filepath.Join(ours.dir, "parts"), 2)
	d.run(t, "run", "--select", "path:models/raw")
	for i, command := range []string{"run", "build"} {
		ours.run(t, slices.Concat([]string{"load", "--allow-expired", parts[i]}, [][]string{{sharedFile(t, "data")}, nil}[i])...)
		copyRaw(t, ours, theirs)
		ours.run(t, command)
		d.run(t, command)
		t.Run([]string{"First", "OnTop"}[i], func(t *testing.T) {
			t.Run("Rows", func(t *testing.T) { sameTables(t, withoutLoads(theirs.checksums(t)), withoutLoads(ours.checksums(t))) })
			t.Run("Design", func(t *testing.T) { sameDesign(t, theirs, ours) })
			t.Run("SQL", func(t *testing.T) { sameCompiled(t, theirs, ours) })
			t.Run("Results", func(t *testing.T) { sameResults(t, theirs, ours) })
		})
	}
	ours.run(t, "parse") // which alone writes the semantic manifest; dbt's build has written both
	t.Run("Manifest", func(t *testing.T) { sameManifest(t, theirs, ours) })
	t.Run("Semantics", func(t *testing.T) { sameSemantics(t, theirs, ours) })
}

// copyRaw brings over what a load added.
func copyRaw(t *testing.T, from, to *shop) {
	t.Helper()
	for _, name := range rawModels {
		sql := fmt.Sprintf("insert into `%s`.%s select * from `%s`.%s where _batch not in (select distinct _batch from `%s`.%s)",
			to.database, name, from.database, name, to.database, name)
		if _, err := from.engine.client.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
}

// withoutLoads leaves out the ledger of loads, which is tiendi's own and no model.
func withoutLoads(sums map[string]checksum) map[string]checksum {
	delete(sums, "load_history")
	return sums
}
