package semantic_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/semantic"
)

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
		"too few arguments":     {semantic.Query{Metrics: []string{"revenue"}, Where: []string{"lower() = shop"}}, "lower has 0 arguments, and takes 1"},
		"too many arguments":    {semantic.Query{Metrics: []string{"revenue"}, Where: []string{"round(shop, 1, 2) = 1"}}, "round has 3 arguments, and takes 1 to 2"},
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

// TestNamesOfColumns: an answer has one column of a name.
func TestNamesOfColumns(t *testing.T) {
	const metric = "metrics:\n  - {name: %s, label: Shop, type: simple, type_params: {measure: amount}}\n"
	if _, err := load(ordersModel + fmt.Sprintf(metric, "metric_time")); err == nil || !strings.Contains(err.Error(), `"metric_time" cannot be a name`) {
		t.Errorf("a metric called metric_time: %v", err)
	}
	man, err := load(ordersModel + fmt.Sprintf(metric, "shop"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := man.Compile(semantic.Query{Metrics: []string{"shop"}, GroupBy: []string{"order__status"}}); err != nil {
		t.Error(err)
	}
	if s, err := man.Compile(semantic.Query{Metrics: []string{"shop"}, GroupBy: []string{"shop"}}); err == nil || !strings.Contains(err.Error(), "shop is a metric and an entity") {
		t.Errorf("%v: %s", err, s.SQL)
	}
}
