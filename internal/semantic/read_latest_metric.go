package semantic

import "github.com/tiendi/tiendi/internal/project"

// latestKeys are the keys of a metric in the newer generation.
var latestKeys = []string{
	"name", "label", "type", "description", "filter", "time_granularity", "meta", "tags", "config", "hidden", "agg", "expr",
	"percentile", "percentile_type", "non_additive_dimension", "fill_nulls_with", "join_to_timespine", "agg_time_dimension",
	"numerator", "denominator", "input_metrics", "input_metric", "window", "grain_to_date", "period_agg",
	"base_metric", "conversion_metric", "entity", "calculation", "constant_properties",
}

// latest reads a metric of the newer generation.
func (r *reader) latest(e *project.YAMLEntry, m *Metric, of *Model) {
	e.Known(latestKeys...)
	switch m.Type {
	case "simple":
		r.latestSimple(e, m, of)
	case "ratio":
		m.Numerator, m.Denominator = r.requiredInput(e, "numerator"), r.requiredInput(e, "denominator")
	case "derived":
		r.derived(e, m, "input_metrics")
	case "cumulative":
		m.Measure = r.requiredMeasure(e, "input_metric")
		m.Measure.isMetric()
		m.Cumulative = r.cumulative(e)
	case "conversion":
		m.Conversion = r.conversion(e, "base_metric", "conversion_metric")
		m.Conversion.Base.isMetric()
		m.Conversion.Converted.isMetric()
	}
}

// latestSimple makes the measure that a simple metric is.
func (r *reader) latestSimple(e *project.YAMLEntry, m *Metric, of *Model) {
	if of == nil {
		e.Fail("type", "put it under the model whose rows it counts, or write type_params: {measure: …}", "a simple metric says no measure")
		return
	}
	one := &Measure{
		Name: m.Name, Description: m.Description, Label: m.Label, AggTime: e.Text("agg_time_dimension"), Place: m.Place, Meta: m.Meta,
		Expr: e.Text("expr"), Percentile: r.share(e, "percentile"), Discrete: e.Text("percentile_type") == "discrete",
	}
	if one.Expr == "" && e.Text("agg") == "count" {
		one.Expr = "1"
	} else if one.Expr == "" {
		one.Expr = ident(m.Name)
	}
	if d := e.Entry("non_additive_dimension"); d != nil {
		d.Known("name", "window_agg", "group_by")
		one.NonAdditive = &NonAdditive{Dimension: d.Text("name"), Choice: r.choice(d, "window_agg"), Groupings: d.Texts("group_by")}
	}
	r.agg(e, one)
	r.measureMeta(e, one)
	of.Measures = append(of.Measures, one)
	m.Measure = &MeasureInput{Name: m.Name, JoinSpine: e.Flag("join_to_timespine"), place: m.Place, Filters: m.Filters}
	m.Filters = nil
	if e.Has("fill_nulls_with") {
		fill := int64(e.Count("fill_nulls_with"))
		m.Measure.Fill = &fill
	}
}
