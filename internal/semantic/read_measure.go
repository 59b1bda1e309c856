package semantic

import (
	"slices"
	"strconv"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/spelling"
)

// measure reads an entry of measures.
func (r *reader) measure(e *project.YAMLEntry) *Measure {
	e.Known("name", "agg", "description", "label", "expr", "agg_params", "non_additive_dimension", "agg_time_dimension", "create_metric", "config", "meta")
	e.Required("name")
	m := &Measure{
		Name: r.nameOf(e), Description: e.Text("description"), Label: e.Text("label"), AggTime: e.Text("agg_time_dimension"),
		CreateMetric: e.Flag("create_metric"), Place: e.Place(), Meta: metaOf(e),
	}
	m.Expr = firstOf(e.Text("expr"), ident(m.Name))
	if p := e.Entry("agg_params"); p != nil {
		p.Known("percentile", "use_discrete_percentile", "use_approximate_percentile")
		m.Percentile, m.Discrete, m.Approximate = r.share(p, "percentile"), p.Flag("use_discrete_percentile"), p.Flag("use_approximate_percentile")
	}
	if d := e.Entry("non_additive_dimension"); d != nil {
		d.Known("name", "window_choice", "window_groupings")
		d.Required("name")
		m.NonAdditive = &NonAdditive{Dimension: d.Text("name"), Choice: r.choice(d, "window_choice"), Groupings: d.Texts("window_groupings")}
	}
	r.agg(e, m)
	r.measureMeta(e, m)
	return m
}

// agg reads how a measure's rows are put together.
func (r *reader) agg(e *project.YAMLEntry, m *Measure) {
	m.Agg = e.Text("agg")
	switch {
	case !e.Required("agg"):
	case !slices.Contains(aggNames, m.Agg):
		e.Fail("agg", spelling.Suggest(m.Agg, aggNames), "measure %s has an unknown aggregation %s", m.Name, m.Agg)
	case m.Agg == "average":
		m.Agg = "avg"
	case m.Agg == "percentile" && m.Percentile == 0:
		e.Fail("agg", "add agg_params: {percentile: 0.95}", "measure %s is a percentile, but does not say which", m.Name)
	case m.Agg == "median":
		m.Percentile = 0.5
	}
}

// share reads a number above 0 and below 1.
func (r *reader) share(e *project.YAMLEntry, key string) float64 {
	v, err := strconv.ParseFloat(e.Text(key), 64)
	if e.Has(key) && (err != nil || !(v > 0 && v < 1)) {
		e.Fail(key, "write 0.95 for the 95th percentile", "%s must lie between 0 and 1", key)
		return 0
	}
	return v
}

func (r *reader) choice(e *project.YAMLEntry, key string) string {
	choice := firstOf(e.Text(key), "min")
	if choice != "min" && choice != "max" {
		e.Fail(key, spelling.Suggest(choice, []string{"min", "max"}), "%s must be min or max, not %s", key, choice)
	}
	return choice
}
