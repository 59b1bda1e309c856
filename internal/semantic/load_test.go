package semantic_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/semantic"
)

// load reads one file of metrics about models that all are built.
func load(text string) (*semantic.Manifest, error) {
	built := func(ref project.Ref) (project.Relation, bool) {
		return project.Relation{Schema: "shop", Identifier: ref.Name}, ref.Name != "missing"
	}
	return semantic.Load([]semantic.File{{Path: "m.yml", Text: []byte(text)}}, built, nil, semantic.Options{Tenant: "shop"})
}

const ordersModel = `semantic_models:
  - name: orders
    model: ref('orders')
    defaults: {agg_time_dimension: day}
    entities: [{name: order, type: primary}, {name: shop, type: foreign}]
    dimensions:
      - {name: day, type: time, type_params: {time_granularity: day}}
      - {name: status, type: categorical}
    measures: [{name: amount, agg: sum}]
`

// TestProblems holds what is said of a project that is wrong: where, what, and
// what is near.
func TestProblems(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"unknown aggregation": {`semantic_models:
  - name: a
    model: ref('a')
    defaults: {agg_time_dimension: day}
    primary_entity: a
    dimensions: [{name: day, type: time, type_params: {time_granularity: day}}]
    measures:
      - name: x
        agg: summ
`, []string{"m.yml:9:14: ", "unknown aggregation summ", "did you mean sum?"}},
		"unknown measure": {ordersModel + `metrics:
  - name: revenue
    type: simple
    type_params:
      measure: amounts
`, []string{"m.yml:14:16: metric revenue: there is no measure amounts", "did you mean amount?"}},
		"several at once": {ordersModel + `metrics:
  - name: 1st
    type: simple
    type_params: {measure: amount}
  - name: r
    type: ration
  - name: q
    type: ratio
    type_params: {numerator: r, denominatr: r}
`, []string{`"1st" cannot be a name`, "m.yml:15:11: metric r: unknown type ration", "did you mean ratio?", "has an unknown key denominatr", "did you mean denominator?", "has no denominator"}},
		"filter on what is not offered": {ordersModel + `metrics:
  - name: r
    type: simple
    type_params: {measure: amount}
    filter: "{{ Dimension('order__stats') }} = 'paid'"
`, []string{"m.yml:14:13: metric r: filter: order__stats is not offered for orders", "did you mean order__status?"}},
		"filter that is no condition": {ordersModel + `metrics:
  - name: r
    type: simple
    type_params: {measure: amount}
    filter: "{{ Dimension('order__status') }} = 'paid') or (1 = 1"
`, []string{"m.yml:14:13: metric r: filter: a bracket closes that was not opened"}},
		"made of itself": {ordersModel + `metrics:
  - {name: a, type: derived, type_params: {expr: b + 1, metrics: [b]}}
  - {name: b, type: derived, type_params: {expr: a + 1, metrics: [a]}}
`, []string{"metric a is made of itself: a, b, a"}},
		"model that is not built": {`semantic_models:
  - {name: a, model: ref('missing')}
  - {name: b, model: missing}
`, []string{"semantic model a: ref('missing') names no model that is built", `"missing" is no ref`, "write model: ref('name')"}},
		"time without a granularity": {`semantic_models:
  - name: a
    model: ref('a')
    primary_entity: a
    dimensions: [{name: day, type: time}, {name: hour, type: time, type_params: {time_granularity: hours}}]
`, []string{"time dimension day says no granularity", "hours is no grain of time", "did you mean hour?"}},
		"no primary entity": {`semantic_models:
  - {name: a, model: ref('a'), dimensions: [{name: x, type: categorical}]}
`, []string{"has dimensions, but no primary entity"}},
		"measures without time": {`semantic_models:
  - {name: a, model: ref('a'), measures: [{name: x, agg: sum}]}
`, []string{"measure x has no time dimension"}},
		"twice": {ordersModel + ordersModel[len("semantic_models:\n"):] + `metrics:
  - {name: r, type: simple, type_params: {measure: amount}}
  - {name: r, type: simple, type_params: {measure: amount}}
`, []string{"m.yml:10:5: semantic model orders is defined twice; the other one is at m.yml:2:5", "metric r is defined twice"}},
		"an expression that does not use its input": {ordersModel + `metrics:
  - {name: r, type: simple, type_params: {measure: amount}}
  - {name: d, type: derived, type_params: {expr: r + 1, metrics: [r, {name: r, alias: s}]}}
`, []string{"metric d does not use its input s in expr"}},
		"a window that is none": {ordersModel + `metrics:
  - {name: c, type: cumulative, type_params: {measure: amount, window: some days}}
`, []string{`"some days" is no window of time`, "28 days"}},
		"a conversion without its entity": {ordersModel + `metrics:
  - {name: c, type: conversion, type_params: {conversion_type_params: {base_measure: amount, conversion_measure: amount, entity: usr}}}
`, []string{"metric c: semantic model orders has no entity usr"}},
		"a saved query that asks for nothing that is": {ordersModel + `saved_queries:
  - {name: s, query_params: {metrics: [x]}}
`, []string{"m.yml:11:5: saved query s: there is no metric x"}},
		"newer form": {`models:
  - name: visits
    semantic_model: true
    agg_time_dimension: at
    columns:
      - {name: id, entity: primry}
      - {name: at, dimension: time}
    metrics:
      - {name: v, type: simple, agg: cnt}
`, []string{"unknown type primry", "known here: primary, unique, foreign, natural", "time dimension at says no granularity", "unknown aggregation cnt"}},
		"simple metric of nothing": {`metrics: [{name: v, type: simple, agg: count}]
`, []string{"a simple metric says no measure"}},
		"unit": {ordersModel + `metrics: [{name: r, type: simple, type_params: {measure: amount}, config: {meta: {unit: dollars}}}]
`, []string{"meta.unit: dollars is no unit"}},
		"no YAML":        {"metrics: [", []string{"m.yml:", "not valid YAML"}},
		"wrong grain":    {ordersModel + "metrics: [{name: r, type: cumulative, type_params: {measure: amount, grain_to_date: moth}}]\n", []string{"moth is no grain of time", "did you mean month?"}},
		"metric in time": {ordersModel + "metrics: [{name: r, type: simple, type_params: {measure: amount}, filter: \"{{ Metric('z', ['shop']) }} > 1\"}]\n", []string{"a condition needs a known metric"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := load(c.text)
			var problems project.Problems
			if !errors.As(err, &problems) {
				t.Fatalf("got %v, want problems", err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("nothing says %q:\n%v", want, err)
				}
			}
		})
	}
}

// TestRefusals holds what is said of queries that cannot be answered.
func TestRefusals(t *testing.T) {
	man := shop(t, "shop")
	for name, c := range map[string]struct {
		query semantic.Query
		want  string
	}{
		"nothing":           {semantic.Query{}, "asks for nothing"},
		"unknown metric":    {semantic.Query{Metrics: []string{"revnue"}}, "did you mean revenue?"},
		"unknown dimension": {semantic.Query{Metrics: []string{"revenue"}, GroupBy: []string{"shop__regon"}}, "did you mean shop__region?"},
		"fan-out": {semantic.Query{Metrics: []string{"revenue"}, GroupBy: []string{"sku__category"}},
			"the way is orders → order_lines → sku, and one order of orders has many rows in order_lines"},
		"backwards":            {semantic.Query{Metrics: []string{"new_customers"}, GroupBy: []string{"order__status"}}, "one customer of customers has many rows in orders"},
		"too fine":             {semantic.Query{Metrics: []string{"revenue"}, GroupBy: []string{"metric_time__hour"}}, "it cannot be asked by hour"},
		"too fine a dimension": {semantic.Query{Metrics: []string{"revenue"}, GroupBy: []string{"shop__opened__day"}}, "is kept by month"},
		"grain of no time":     {semantic.Query{Metrics: []string{"revenue"}, GroupBy: []string{"order__status__day"}}, "is no time"},
		"part of no date":      {semantic.Query{Metrics: []string{"revenue"}, GroupBy: []string{"metric_time__extract_minute"}}, "no part of a date"},
		"offset without time":  {semantic.Query{Metrics: []string{"revenue_growth"}}, "needs a time to be offset from"},
		"platform for a store": {semantic.Query{Metrics: []string{"requests"}, Stores: []string{"s1"}}, "of the whole platform"},
		"time zone of days":    {semantic.Query{Metrics: []string{"revenue"}, TimeZone: "America/Lima"}, "kept by days of UTC"},
		"parts of a window":    {semantic.Query{Metrics: []string{"revenue_7d"}, GroupBy: []string{"metric_time__extract_dow"}}, "parts of dates do not tell"},
		"no time zone":         {semantic.Query{Metrics: []string{"moments"}, TimeZone: "Mars/Olympus"}, "no time zone"},
		"order by nothing":     {semantic.Query{Metrics: []string{"revenue"}, OrderBy: []string{"revenu"}}, "did you mean revenue?"},
		"unknown comparison":   {semantic.Query{Metrics: []string{"revenue"}, Compare: "yesterday"}, "known here: previous_period, previous_year"},
		"comparison of all":    {semantic.Query{Metrics: []string{"revenue"}, Compare: semantic.PreviousPeriod}, "needs a span of time"},
		"months of days":       {semantic.Query{Metrics: []string{"revenue_growth"}, GroupBy: []string{"metric_time__day"}}, "not all days have one a month before"},
		"months of weeks":      {semantic.Query{Metrics: []string{"revenue_growth"}, GroupBy: []string{"metric_time__week"}}, "ask by month or coarser"},
		"comparison of grains": {semantic.Query{Metrics: []string{"revenue"}, GroupBy: []string{"metric_time__day", "metric_time__month"}, Compare: semantic.PreviousPeriod,
			Start: time.Date(2026, 2, 1, 0, 0, 0, 0, time.UTC), End: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)}, "needs one grain of time, not day and month"},
		"unknown saved query":   {semantic.Query{Saved: "revenue_by_town"}, "did you mean revenue_by_city?"},
		"mixed time condition":  {semantic.Query{Metrics: []string{"revenue_to_date"}, Where: []string{"metric_time = '2026-01-01' or order__status = 'paid'"}}, "split the condition"},
		"metric_time of values": {semantic.Query{GroupBy: []string{"metric_time__day"}}, "name a metric"},
		"a name that is none":   {semantic.Query{Metrics: []string{"revenue"}, GroupBy: []string{"shop__name` FROM x --"}}, "names nothing"},
		"condition on nothing":  {semantic.Query{Metrics: []string{"revenue"}, Where: []string{"1 = 1"}}, "names no dimension"},
		"call of a function":    {semantic.Query{Metrics: []string{"revenue"}, Where: []string{"sleep(shop) = 1"}}, "conditions cannot call sleep"},
		"subquery":              {semantic.Query{Metrics: []string{"revenue"}, Where: []string{"shop in (select code from shops)"}}, "is expected"},
		"comment":               {semantic.Query{Metrics: []string{"revenue"}, Where: []string{"shop = 's1' /* x */"}}, "is expected"},
		"too many metrics":      {manyMetrics(man), "is made of too many metrics"},
		"too many stores":       {semantic.Query{Metrics: metricsBy(man, "shop"), Stores: slices.Repeat([]string{strings.Repeat("s", 36)}, 10_000)}, "bytes of SQL"},
		"identifier in quotes":  {semantic.Query{Metrics: []string{"revenue"}, Where: []string{"`shop` = 's1'"}}, "cannot hold"},
	} {
		t.Run(name, func(t *testing.T) {
			statement, err := man.Compile(c.query)
			if err == nil {
				t.Fatalf("compiled: %s", statement.SQL)
			}
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %q, want %q in it", err, c.want)
			}
		})
	}
}

// metricsBy are the metrics that can be grouped by an entity.
func metricsBy(man *semantic.Manifest, entity string) (names []string) {
	for _, m := range man.Metrics {
		if _, err := man.Compile(semantic.Query{Metrics: []string{m.Name}, GroupBy: []string{entity}, Stores: []string{"s1"}}); err == nil {
			names = append(names, m.Name)
		}
	}
	return names
}

// manyMetrics asks for all that there are by shop, where each of them is above 0 in several
// ways: every aggregation of them would want every other.
func manyMetrics(man *semantic.Manifest) semantic.Query {
	q := semantic.Query{Metrics: metricsBy(man, "shop"), GroupBy: []string{"shop"}}
	for by := range 5 {
		var one []string
		for _, name := range q.Metrics {
			one = append(one, "{{ Metric('"+name+"', ['shop'"+strings.Repeat(", 'shop'", by)+"]) }} > 0")
		}
		q.Where = append(q.Where, strings.Join(one, " or "))
	}
	return q
}

// TestMetricsInConditionsKeepApart: one metric by two entities, and by one whose name is
// both of theirs.
func TestMetricsInConditionsKeepApart(t *testing.T) {
	const text = `semantic_models:
  - name: lines
    model: ref('lines')
    defaults: {agg_time_dimension: day}
    dimensions: [{name: day, type: time, type_params: {time_granularity: day}}]
    entities: [{name: order_item, type: primary}, {name: order, type: foreign}, {name: item, type: foreign}]
    measures: [{name: price, agg: sum}]
metrics:
  - {name: sales, label: Sales, type: simple, type_params: {measure: price}}
`
	man, err := load(text)
	if err != nil {
		t.Fatal(err)
	}
	statement, err := man.Compile(semantic.Query{Metrics: []string{"sales"}, Where: []string{"{{ Metric('sales', ['order_item']) }} > {{ Metric('sales', ['order', 'item']) }}"}})
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(statement.SQL, "LEFT JOIN"); n != 2 {
		t.Errorf("%d metrics are joined, want 2:\n%s", n, statement.SQL)
	}
}
