package project_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/project"
)

// writeLarge makes a project of n models, each with an entry of properties in
// files of ten, as large projects have them.
func writeLarge(tb testing.TB, dir string, n int) {
	tb.Helper()
	put := func(name, text string) {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	put("dbt_project.yml", "name: large\nmodels:\n  large:\n    +materialized: view\n    area_1: {+tags: [one]}\n")
	var properties strings.Builder
	for i := range n {
		folder := fmt.Sprintf("models/area_%d/part_%d", i%10, i/10%50)
		put(fmt.Sprintf("%s/model_%d.sql", folder, i), fmt.Sprintf(
			"{{ config(materialized='table', order_by='id') }}\n\nselect\n    id,\n    name,\n    amount\nfrom {{ ref('model_%d') }}\nwhere amount > {{ var('floor', 0) }}\n", i/2))
		fmt.Fprintf(&properties, "  - name: model_%d\n    description: Model number %d of a large project\n    config: {tags: [generated]}\n    columns:\n"+
			"      - name: id\n        description: its number\n        data_tests: [unique, not_null]\n      - name: name\n      - name: amount\n        data_type: Decimal(18, 2)\n", i, i)
		if i%10 == 9 {
			put(fmt.Sprintf("%s/_part_%d.yml", folder, i), "version: 2\nmodels:\n"+properties.String())
			properties.Reset()
		}
	}
}

func BenchmarkLoad10000(b *testing.B) {
	dir := b.TempDir()
	writeLarge(b, dir, 10_000)
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		p, err := project.Load(context.Background(), project.Options{Dir: dir})
		if err != nil {
			b.Fatal(err)
		}
		if len(p.Nodes) != 30_000 {
			b.Fatalf("%d nodes", len(p.Nodes))
		}
	}
}

func BenchmarkOpen10000(b *testing.B) {
	dir := b.TempDir()
	writeLarge(b, dir, 10_000)
	b.ReportAllocs()
	b.ResetTimer()
	for b.Loop() {
		if _, err := project.Open(context.Background(), project.Options{Dir: dir}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkResolveConfig(b *testing.B) {
	p, err := project.Load(context.Background(), project.Options{Dir: "testdata/shop", Render: render})
	if err != nil {
		b.Fatal(err)
	}
	calls := []map[string]any{{"materialized": "table", "order_by": "id"}}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		project.ResolveConfig(p, p.Nodes[i%len(p.Nodes)], calls)
	}
}
