package semantic

import (
	"slices"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/spelling"
)

var metricTypes = []string{"simple", "ratio", "derived", "cumulative", "conversion"}

// metric reads an entry of metrics, in the older form with type_params or the
// newer one without. Those of a model are given with it: simple ones make a
// measure of it.
func (r *reader) metric(e *project.YAMLEntry, of *Model) *Metric {
	name := r.nameOf(e)
	m := &Metric{
		Name: name, Description: e.Text("description"), Label: e.Text("label"), Type: e.Text("type"),
		Place: e.Place(), Meta: metaOf(e), Filters: r.filters(e, "filter"), Hidden: e.Flag("hidden"),
	}
	if e.Has("time_granularity") {
		m.TimeGrain = r.grain(e, "time_granularity")
	}
	if !e.Required("type") || name == "" || disabled(e) {
		return nil
	}
	if !slices.Contains(metricTypes, m.Type) {
		e.Fail("type", spelling.Suggest(m.Type, metricTypes), "unknown type %s", m.Type)
		return nil
	}
	if e.Has("type_params") {
		e.Known("name", "label", "type", "type_params", "description", "filter", "time_granularity", "meta", "tags", "config")
		r.typeParams(e, m)
	} else {
		r.latest(e, m, of)
	}
	r.metricMeta(e, m)
	return m
}

// typeParams reads the older form.
func (r *reader) typeParams(e *project.YAMLEntry, m *Metric) {
	p := e.Entry("type_params")
	if p == nil {
		return
	}
	p.Call("%s, type_params", e.What())
	p.Known("measure", "numerator", "denominator", "expr", "window", "grain_to_date", "metrics",
		"conversion_type_params", "cumulative_type_params")
	m.Expr = p.Text("expr")
	switch m.Type {
	case "simple":
		m.Measure = r.requiredMeasure(p, "measure")
	case "cumulative":
		m.Measure = r.requiredMeasure(p, "measure")
		m.Cumulative = r.cumulative(p, p.Entry("cumulative_type_params"))
	case "ratio":
		m.Numerator, m.Denominator = r.requiredInput(p, "numerator"), r.requiredInput(p, "denominator")
	case "derived":
		r.derived(p, m, "metrics")
	case "conversion":
		if c := p.Entry("conversion_type_params"); c != nil {
			c.Known("base_measure", "conversion_measure", "entity", "calculation", "window", "constant_properties")
			m.Conversion = r.conversion(c, "base_measure", "conversion_measure")
		} else {
			p.Fail("", "add conversion_type_params:", "a conversion metric needs to know what is converted")
		}
	}
}

func (r *reader) derived(e *project.YAMLEntry, m *Metric, key string) {
	e.Required("expr")
	m.Expr = e.Text("expr")
	for _, one := range e.Entries(key) {
		m.Inputs = append(m.Inputs, r.input(one))
	}
	if len(m.Inputs) == 0 {
		e.Fail(key, "list the metrics that expr is made of under "+key+":", "a derived metric is made of metrics")
	}
}

func (r *reader) requiredMeasure(e *project.YAMLEntry, key string) *MeasureInput {
	if one := e.Named(key); e.Required(key) && one != nil {
		return r.measureInput(one)
	}
	return nil
}

func (r *reader) measureInput(e *project.YAMLEntry) *MeasureInput {
	e.Known("name", "filter", "alias", "join_to_timespine", "fill_nulls_with")
	e.Required("name")
	m := &MeasureInput{
		Name: e.Text("name"), Alias: e.Text("alias"), Filters: r.filters(e, "filter"),
		JoinSpine: e.Flag("join_to_timespine"), place: e.PlaceOf("name"),
	}
	if e.Has("fill_nulls_with") {
		fill := int64(e.Count("fill_nulls_with"))
		m.Fill = &fill
	}
	return m
}

func (r *reader) requiredInput(e *project.YAMLEntry, key string) *MetricInput {
	if one := e.Named(key); e.Required(key) && one != nil {
		return r.input(one)
	}
	return nil
}

func (r *reader) input(e *project.YAMLEntry) *MetricInput {
	e.Known("name", "filter", "alias", "offset_window", "offset_to_grain")
	e.Required("name")
	in := &MetricInput{
		Name: e.Text("name"), Alias: e.Text("alias"), Filters: r.filters(e, "filter"),
		OffsetWindow: r.window(e, "offset_window"), place: e.PlaceOf("name"),
	}
	if e.Has("offset_to_grain") {
		in.OffsetToGrain = r.grain(e, "offset_to_grain")
	}
	if !in.OffsetWindow.isZero() && in.OffsetToGrain != "" {
		e.Fail("offset_to_grain", "keep one of them", "offset_window and offset_to_grain cannot both hold")
	}
	if in.Alias != "" && !isName(in.Alias) {
		e.Fail("alias", "use letters, digits and underscores", "%q cannot be an alias", in.Alias)
	}
	return in
}

var periodAggs = []string{"first", "last", "average"}

// cumulative reads the window from the entry itself or, in the older form with
// a block of its own, from there.
func (r *reader) cumulative(entries ...*project.YAMLEntry) *Cumulative {
	c := &Cumulative{PeriodAgg: "first"}
	for _, e := range entries {
		if e == nil {
			continue
		}
		if w := r.window(e, "window"); !w.isZero() {
			c.Window = w
		}
		if e.Has("grain_to_date") {
			c.GrainToDate = r.grain(e, "grain_to_date")
		}
		if agg := e.Text("period_agg"); agg != "" {
			if c.PeriodAgg = agg; !slices.Contains(periodAggs, agg) {
				e.Fail("period_agg", spelling.Suggest(agg, periodAggs), "period_agg must be first, last or average, not %s", agg)
			}
		}
		if !c.Window.isZero() && c.GrainToDate != "" {
			e.Fail("grain_to_date", "keep one of them", "window and grain_to_date cannot both hold")
		}
	}
	return c
}

func (r *reader) conversion(e *project.YAMLEntry, base, converted string) *Conversion {
	c := &Conversion{
		Base: r.requiredMeasure(e, base), Converted: r.requiredMeasure(e, converted), Entity: e.Text("entity"),
		Calculation: firstOf(e.Text("calculation"), "conversion_rate"), Window: r.window(e, "window"),
	}
	e.Required("entity")
	if known := []string{"conversion_rate", "conversions"}; !slices.Contains(known, c.Calculation) {
		e.Fail("calculation", spelling.Suggest(c.Calculation, known), "calculation must be conversion_rate or conversions, not %s", c.Calculation)
	}
	for _, one := range e.Entries("constant_properties") {
		one.Known("base_property", "conversion_property")
		if one.Required("base_property") && one.Required("conversion_property") {
			c.Constants = append(c.Constants, ConstantProperty{one.Text("base_property"), one.Text("conversion_property")})
		}
	}
	return c
}

func (r *reader) savedQuery(e *project.YAMLEntry) {
	e.Known("name", "description", "label", "query_params", "exports", "config", "tags", "meta")
	name := r.nameOf(e)
	p := e.Entry("query_params")
	if !e.Required("query_params") || p == nil || name == "" || disabled(e) {
		return
	}
	p.Call("%s, query_params", e.What())
	p.Known("metrics", "group_by", "where", "order_by", "limit")
	q := &SavedQuery{
		Name: name, Description: e.Text("description"), Label: e.Text("label"), Place: e.Place(),
		Metrics: p.Texts("metrics"), GroupBy: p.Texts("group_by"), Where: p.Texts("where"),
		OrderBy: p.Texts("order_by"), Limit: p.Count("limit"), filters: r.filters(p, "where"),
	}
	q.Exports, _ = e.Value("exports").([]any)
	if first := r.man.saved[name]; first != nil {
		r.fail(q.Place, "rename one of them", "saved query %s is defined twice; the other one is at %s", name, first.Place)
		return
	}
	r.man.saved[name] = q
	r.man.SavedQueries = append(r.man.SavedQueries, q)
}
