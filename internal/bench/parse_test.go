package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// BenchmarkParse measures tiendi parse on a project of 10,000 models.
func BenchmarkParse(b *testing.B) {
	p := newProgram(b)
	writeLarge(b, p, 10_000)
	p.run(b, "parse")
	for b.Loop() {
		var cold, coldCPU, warm, warmCPU []time.Duration
		var coldPeaks, warmPeaks []int64
		for range rounds {
			for _, dir := range []string{filepath.Join(p.state, "cache"), p.target("")} {
				if err := os.RemoveAll(dir); err != nil {
					b.Fatal(err)
				}
			}
			o := p.run(b, "parse")
			cold, coldCPU, coldPeaks = append(cold, o.wall), append(coldCPU, o.cpu), append(coldPeaks, o.peak)
			o = p.run(b, "parse")
			warm, warmCPU, warmPeaks = append(warm, o.wall), append(warmCPU, o.cpu), append(warmPeaks, o.peak)
		}
		scores.atMost(b, median(cold).Seconds(), 1.5, "cold-s", processor(coldCPU))
		scores.atMost(b, float64(median(coldPeaks))/1e6, 300, "cold-MB", "")
		scores.atMost(b, median(warm).Seconds(), 0.3, "warm-s", processor(warmCPU))
		scores.atMost(b, float64(median(warmPeaks))/1e6, 300, "warm-MB", "")
	}
}

// writeLarge writes a project of n models in folders of a hundred, each model
// described with two tests, standing on sources and on earlier models, a third
// of them incremental, with loops, variables and macros.
func writeLarge(t testing.TB, p program, n int) {
	p.write(t, "dbt_project.yml", "name: large\nversion: 1.0.0\nconfig-version: 2\nprofile: large\n"+
		"vars: {since: '2026-01-01', statuses: [paid, sent, delivered]}\nmodels: {large: {+materialized: view}}\n")
	p.write(t, "profiles.yaml", "large: {target: dev, outputs: {dev: {warehouse: {type: embedded}}}}\n")
	p.write(t, "macros/money.sql", "{% macro cents(column) %}toDecimal64({{ column }} / 100, 2){% endmacro %}\n")
	p.write(t, "models/sources.yml", "sources: [{name: raw, tables: [{name: orders}, {name: events}]}]\n")
	for start := 0; start < n; start += 100 {
		folder := fmt.Sprintf("models/area_%03d/", start/100)
		var properties strings.Builder
		properties.WriteString("models:\n")
		for i := start; i < start+100; i++ {
			p.write(t, fmt.Sprintf("%sm_%05d.sql", folder, i), largeModel(i))
			fmt.Fprintf(&properties, "  - name: m_%05d\n    description: number %d\n    columns: [{name: id, data_tests: [unique, not_null]}]\n", i, i)
		}
		p.write(t, folder+"properties.yml", properties.String())
	}
}

func largeModel(i int) string {
	from := "{{ source('raw', 'orders') }}"
	if i >= 100 {
		from = fmt.Sprintf("{{ ref('m_%05d') }} as a join {{ ref('m_%05d') }} as b using (id)", i-100, i/2)
	}
	switch i % 3 {
	case 0:
		return "{{ config(materialized='table', order_by='id') }}\nselect id, name, {{ cents('amount') }} as amount\nfrom " + from + "\n"
	case 1:
		return "select id, name, amount\nfrom " + from + "\nwhere created_at >= '{{ var('since') }}'\n"
	}
	return "{{ config(materialized='incremental', unique_key='id') }}\n{%- set measures = ['gross', 'net', 'tax'] %}\n" +
		"select id{% for m in measures %}, sum({{ m }}) as {{ m }}{% endfor %}\nfrom " + from + "\n" +
		"where status in ({% for s in var('statuses') %}'{{ s }}'{{ ', ' if not loop.last }}{% endfor %})\n" +
		"{% if is_incremental() %}and updated_at > (select max(updated_at) from {{ this }}){% endif %}\ngroup by id\n"
}

// processor tells how long the processes computed, which other programs on the
// machine do not change as much as the wall time.
func processor(cpus []time.Duration) string {
	return fmt.Sprintf(" (%.2f s of processor)", median(cpus).Seconds())
}
