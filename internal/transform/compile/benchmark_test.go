package compile

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/tiendi/tiendi/internal/project"
)

// writeProject makes a project of n models as large shops have them: folders
// of a hundred, each with properties for its models (two tests each), refs to
// earlier models, sources, variables, loops, macros and a third of files that
// hold nothing but refs and config.
func writeProject(t testing.TB, dir string, n int) {
	t.Helper()
	put := func(name, text string) {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put("dbt_project.yml", `name: big
version: 1.0.0
config-version: 2
profile: big
vars: {since: "2024-01-01", statuses: [paid, sent, delivered]}
models:
  big:
    +materialized: view
    +tags: [nightly]
`)
	put("macros/money.sql", `{% macro cents(column, scale=2) %}toDecimal64({{ column }} / 100, {{ scale }}){% endmacro %}
{% macro since(column) %}{{ column }} >= '{{ var("since") }}'{% endmacro %}
`)
	put("models/sources.yml", "version: 2\nsources:\n  - name: raw\n    tables: [{name: orders}, {name: events}]\n")
	for i := range n {
		folder := fmt.Sprintf("models/area_%03d", i/100)
		put(fmt.Sprintf("%s/m_%05d.sql", folder, i), bigModel(i))
		if i%100 == 0 {
			put(folder+"/schema.yml", bigProperties(i, min(n, i+100)))
		}
	}
}

func bigModel(i int) string {
	from := "{{ source('raw', 'orders') }}"
	if i >= 10 {
		from = fmt.Sprintf("{{ ref('m_%05d') }} a join {{ ref('m_%05d') }} b using (id)", i-10, i/2)
	}
	columns := strings.Repeat("    a_rather_long_column_name,\n", 12)
	switch i % 3 {
	case 0:
		return "{{ config(materialized='table', order_by=['id']) }}\nselect\n" + columns + "    id\nfrom " + from + "\n"
	case 1:
		return "select\n" + columns + "    {{ cents('amount') }} as amount,\n    id\nfrom " + from + "\nwhere {{ since('created_at') }}\n"
	}
	return `{{ config(materialized='incremental', unique_key='id') }}
{%- set measures = ['a', 'b', 'c'] -%}
select
` + columns + `    {% for m in measures %}sum({{ m }}) as sum_{{ m }}{{ "," if not loop.last }}
    {% endfor %}
from ` + from + `
where status in ({% for s in var('statuses') %}'{{ s }}'{{ "," if not loop.last }}{% endfor %})
{% if is_incremental() %}and updated_at > (select max(updated_at) from {{ this }}){% endif %}
`
}

func bigProperties(from, to int) string {
	var b strings.Builder
	b.WriteString("version: 2\nmodels:\n")
	for i := from; i < to; i++ {
		fmt.Fprintf(&b, "  - name: m_%05d\n    description: model %d of the large project\n    columns:\n      - name: id\n        data_tests: [unique, not_null]\n", i, i)
	}
	return b.String()
}

// BenchmarkLoad measures what tiendi parse does without a saved parse (cold),
// with one (warm), and with the manifest written besides.
func BenchmarkLoad(b *testing.B) {
	dir := b.TempDir()
	writeProject(b, dir, 10_000)
	load := func(b *testing.B, cache string) *Manifest {
		o := testOptions()
		o.CacheDir = cache
		m, err := Load(context.Background(), project.Options{Dir: dir}, o)
		if err != nil {
			b.Fatal(err)
		}
		return m
	}
	measured := func(name string, work func(b *testing.B)) {
		b.Run(name, func(b *testing.B) {
			before := cpuSeconds(b)
			for b.Loop() {
				work(b)
			}
			b.ReportMetric((cpuSeconds(b)-before)/float64(b.N), "cpu-s/op")
		})
	}
	measured("cold", func(b *testing.B) { load(b, "") })
	measured("cold and saved", func(b *testing.B) { load(b, b.TempDir()) })
	cache := b.TempDir()
	m := load(b, cache)
	measured("warm", func(b *testing.B) { load(b, cache) })
	measured("manifest", func(b *testing.B) {
		if err := m.WriteJSON(cache); err != nil {
			b.Fatal(err)
		}
	})
}

// cpuSeconds is the processor time that this process has used: unlike wall
// time it does not grow with what else the machine does.
func cpuSeconds(b *testing.B) float64 {
	b.Helper()
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		b.Fatal(err)
	}
	return float64(use.Utime.Nano()+use.Stime.Nano()) / 1e9
}
