package semantic_test

import (
	"errors"
	"strings"
	"testing"

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
