package semantic_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/semantic"
)

// ownNames are what the SQL could call columns and tables of its own. Metrics may be
// called so, too.
var ownNames = []string{"day", "at", "label", "last", "slot", "entity", "value", "base", "parts", "later", "both", "earlier", "count", "sum", "select", "x"}

// TestMetricsMayHaveAnyName: each kind of metric has the same figures under any name.
func TestMetricsMayHaveAnyName(t *testing.T) {
	kinds := map[string]string{
		"simple":     "{measure: revenue}",
		"ratio":      "{numerator: raw_revenue, denominator: {name: order_count}}",
		"window":     "{measure: revenue, cumulative_type_params: {window: 7 days}}",
		"to_date":    "{measure: revenue, cumulative_type_params: {grain_to_date: month}}",
		"conversion": "{conversion_type_params: {base_measure: {name: orders}, conversion_measure: {name: moments}, entity: customer, window: 7 days}}",
	}
	db, _ := openShop(t)
	types := map[string]string{"window": "cumulative", "to_date": "cumulative"}
	for kind, params := range kinds {
		t.Run(kind, func(t *testing.T) {
			var text strings.Builder
			text.WriteString("metrics:\n")
			for _, name := range append(ownNames, "plain") {
				kindOf := kind
				if types[kind] != "" {
					kindOf = types[kind]
				}
				fmt.Fprintf(&text, "  - {name: %[1]s, label: Of %[1]s, type: %[2]s, type_params: %[3]s}\n", name, kindOf, params)
			}
			man := shop(t, db.Config().Database, semantic.File{Path: "names.yml", Text: []byte(text.String())})
			for _, by := range [][]string{nil, {"metric_time__month", "customer__plan"}} {
				ask := func(name string) []map[string]string {
					statement, err := man.Compile(semantic.Query{Metrics: []string{name}, GroupBy: by})
					if err != nil {
						t.Fatal(err)
					}
					return answer(t, db, statement.SQL)
				}
				want := ask("plain")
				for _, name := range ownNames {
					rows := ask(name)
					if len(rows) == 0 || len(rows) != len(want) {
						t.Fatalf("%s by %v: %d rows, want %d", name, by, len(rows), len(want))
					}
					for i, row := range rows {
						if !sameValue(row[name], want[i]["plain"]) {
							t.Fatalf("%s by %v: %v, want %v", name, by, row, want[i])
						}
					}
				}
			}
		})
	}
}

// TestEntitiesMayHaveAnyName joins by entities that are called as the SQL's own tables.
func TestEntitiesMayHaveAnyName(t *testing.T) {
	db, _ := openShop(t)
	for _, name := range ownNames {
		more := fmt.Sprintf(`semantic_models:
  - name: own_orders
    model: ref('orders')
    defaults: {agg_time_dimension: placed}
    entities: [{name: own_order, type: primary, expr: id}, {name: %[1]s, type: foreign, expr: customer}]
    dimensions: [{name: placed, type: time, expr: day, type_params: {time_granularity: day}}]
    measures: [{name: own_amount, agg: sum, expr: amount}]
  - name: own_customers
    model: ref('customers')
    entities: [{name: %[1]s, type: primary, expr: id}]
    dimensions: [{name: city, type: categorical}]
metrics:
  - {name: own, label: Own, type: simple, type_params: {measure: {name: own_amount, join_to_timespine: true}}}
  - {name: own_window, label: Window, type: cumulative, type_params: {measure: own_amount, cumulative_type_params: {window: 7 days}}}
  - {name: own_follows, label: Follows, type: conversion, type_params: {conversion_type_params: {base_measure: {name: own_amount}, conversion_measure: {name: own_amount}, entity: %[1]s, window: 7 days}}}
`, name)
		man := shop(t, db.Config().Database, semantic.File{Path: "names.yml", Text: []byte(more)})
		for _, by := range []string{name, name + "__city"} {
			statement, err := man.Compile(semantic.Query{Metrics: []string{"own", "own_window", "own_follows"}, GroupBy: []string{by, "metric_time__month"}, Where: []string{by + " is not null"}})
			if err != nil {
				t.Fatal(err)
			}
			if rows := answer(t, db, statement.SQL); len(rows) < 2 {
				t.Errorf("%s: %d rows", by, len(rows))
			}
		}
	}
}
