package semantic

import (
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/spelling"
)

// check holds what the files say against each other.
func (r *reader) check() {
	owners, called := map[string]*Model{}, map[string]*Model{}
	for _, model := range r.man.Models {
		r.checkModel(model)
		for _, d := range model.Dimensions {
			name := model.PrimaryEntity + "__" + d.Name
			if other := called[name]; other != nil {
				r.fail(d.Place, "give one of the models another primary entity", "%s is a dimension of two semantic models, %s and %s", name, other.Name, model.Name)
			}
			called[name] = model
		}
		for _, measure := range model.Measures {
			if other := owners[measure.Name]; other != nil {
				r.fail(measure.Place, "rename one of them", "measure %s stands in two semantic models, %s and %s", measure.Name, other.Name, model.Name)
			}
			owners[measure.Name] = model
			r.checkMeasure(model, measure)
		}
	}
	for _, metric := range r.man.Metrics {
		r.checkMetric(metric, sorted(owners))
	}
	r.checkCycles()
	if len(r.problems) > 0 {
		return
	}
	for _, metric := range r.man.Metrics {
		r.checkFilters(metric)
	}
	for _, q := range r.man.SavedQueries {
		if _, err := r.man.Compile(Query{Saved: q.Name}); err != nil {
			r.fail(q.Place, hintOf(err), "saved query %s: %s", q.Name, textOf(err))
		}
	}
}

// textOf is an error's text without its hint.
func textOf(err error) string {
	if q, ok := err.(*queryError); ok { //nolint:errorlint // made here and never wrapped
		return q.text
	}
	return err.Error()
}

func (m *Model) timeNames() []string {
	var names []string
	for _, d := range m.Dimensions {
		if d.Type == "time" {
			names = append(names, d.Name)
		}
	}
	return names
}

func (r *reader) checkTime(m *Model, name, what string, at project.Place) {
	if d := m.dimension(name); d == nil || d.Type != "time" {
		r.fail(at, spelling.Suggest(name, m.timeNames()), "%s: %s is no time dimension of semantic model %s", what, name, m.Name)
	}
}

func (r *reader) checkModel(m *Model) {
	if m.AggTime != "" {
		r.checkTime(m, m.AggTime, "agg_time_dimension", m.Place)
	}
	if m.scope == nil {
		return
	}
	if m.dimension(m.scope.dimension) == nil {
		r.fail(m.Place, "", "semantic model %s: meta.scope: there is no dimension %s", m.Name, m.scope.dimension)
	}
	if m.entity(m.scope.entity) == nil {
		r.fail(m.Place, "", "semantic model %s: meta.scope: there is no entity %s", m.Name, m.scope.entity)
	}
}

func (r *reader) checkMeasure(model *Model, m *Measure) {
	what := "measure " + m.Name
	if m.AggTime != "" {
		r.checkTime(model, m.AggTime, what+": agg_time_dimension", m.Place)
	}
	if m.AggTime == "" && model.AggTime == "" {
		r.fail(m.Place, "add defaults: {agg_time_dimension: …} to the semantic model", "%s has no time dimension", what)
	}
	if m.NonAdditive == nil {
		return
	}
	r.checkTime(model, m.NonAdditive.Dimension, what+": non_additive_dimension", m.Place)
	for _, g := range m.NonAdditive.Groupings {
		if model.entity(g) == nil && model.dimension(g) == nil {
			r.fail(m.Place, spelling.Suggest(g, model.elementNames()), "%s: window_groupings: %s is no entity of semantic model %s", what, g, model.Name)
		}
	}
}

func (m *Model) elementNames() []string {
	var names []string
	for _, e := range m.Entities {
		names = append(names, e.Name)
	}
	for _, d := range m.Dimensions {
		names = append(names, d.Name)
	}
	return names
}
