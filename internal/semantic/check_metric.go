package semantic

import (
	"slices"

	"github.com/tiendi/tiendi/internal/spelling"
)

func (r *reader) checkMetric(m *Metric, measures []string) {
	for _, in := range m.measures() {
		r.throughMetric(m, in)
		if model, _ := r.man.measure(in.Name); model == nil && !r.unreadModel && !r.unread[in.Name] {
			r.fail(in.place, spelling.Suggest(in.Name, measures), "metric %s: there is no measure %s", m.Name, in.Name)
		}
	}
	names := sorted(r.man.metrics)
	for _, in := range m.inputs() {
		if r.man.metrics[in.Name] == nil && !r.unread[in.Name] {
			r.fail(in.place, spelling.Suggest(in.Name, names), "metric %s: there is no metric %s", m.Name, in.Name)
		}
	}
	if m.byStore != "" && r.man.metrics[m.byStore] == nil {
		r.fail(m.Place, spelling.Suggest(m.byStore, names), "metric %s: meta.by_store: there is no metric %s", m.Name, m.byStore)
	}
	for _, name := range m.requires {
		if _, err := parseItem(name); err != nil {
			r.fail(m.Place, hintOf(err), "metric %s: meta.requires: %s", m.Name, textOf(err))
		}
	}
	if m.Type == "derived" {
		r.checkExpr(m)
	}
	if m.Conversion != nil {
		r.checkConversion(m)
	}
}

// throughMetric takes the measure of the simple metric that is named in its
// place, with what that adds.
func (r *reader) throughMetric(m *Metric, in *MeasureInput) {
	of := r.man.metrics[in.Name]
	if !in.metric {
		return
	}
	if of == nil && r.unread[in.Name] {
		return
	}
	if of == nil || of == m || of.Type != "simple" || of.Measure == nil {
		r.fail(in.place, spelling.Suggest(in.Name, sorted(r.man.metrics)), "metric %s: %s is no simple metric", m.Name, in.Name)
		return
	}
	in.metric = false
	in.Name = of.Measure.Name
	in.Filters = append(append(in.Filters, of.Measure.Filters...), of.Filters...)
	in.JoinSpine = in.JoinSpine || of.Measure.JoinSpine
	if in.Fill == nil {
		in.Fill = of.Measure.Fill
	}
}

// checkExpr holds a derived metric's expression against its inputs: each must
// be in it.
func (r *reader) checkExpr(m *Metric) {
	seen := map[string]bool{}
	for _, in := range m.Inputs {
		if seen[in.alias()] {
			r.fail(in.place, "give one of them an alias:", "metric %s has the input %s twice", m.Name, in.alias())
		}
		seen[in.alias()] = true
		if replaceNames(m.Expr, map[string]string{in.alias(): ""}) == m.Expr {
			r.fail(in.place, "", "metric %s does not use its input %s in expr", m.Name, in.alias())
		}
	}
	if cond, err := parseCondition(m.Expr); err != nil || len(cond.pieces) != 1 || cond.pieces[0].ref != nil {
		r.fail(m.Place, "", "metric %s: expr must be an SQL expression of the input metrics: %s", m.Name, m.Expr)
	}
}

func (r *reader) checkConversion(m *Metric) {
	for _, in := range m.measures() {
		model, _ := r.man.measure(in.Name)
		if model == nil {
			continue
		}
		if model.entity(m.Conversion.Entity) == nil {
			r.fail(m.Place, spelling.Suggest(m.Conversion.Entity, model.elementNames()), "metric %s: semantic model %s has no entity %s", m.Name, model.Name, m.Conversion.Entity)
		}
		for _, p := range m.Conversion.Constants {
			name := p.Base
			if in == m.Conversion.Converted {
				name = p.Converted
			}
			if it, err := parseItem(name); err != nil || model.entity(it.element) == nil && model.dimension(it.element) == nil {
				r.fail(m.Place, spelling.Suggest(name, model.elementNames()), "metric %s: semantic model %s has no %s", m.Name, model.Name, name)
			}
		}
	}
}

// checkCycles finds metrics that are made of themselves.
func (r *reader) checkCycles() {
	state := map[*Metric]int{} // 1: being walked, 2: done
	var walk func(m *Metric, path []string) bool
	walk = func(m *Metric, path []string) bool {
		if m == nil || state[m] == 2 {
			return false
		}
		path = append(path, m.Name)
		if state[m] == 1 {
			r.fail(m.Place, "", "metric %s is made of itself: %s", m.Name, join(path[slices.Index(path, m.Name):]))
			return true
		}
		state[m] = 1
		for _, in := range m.inputs() {
			if walk(r.man.metrics[in.Name], path) {
				break
			}
		}
		state[m] = 2
		return false
	}
	for _, m := range r.man.Metrics {
		walk(m, nil)
	}
}

// checkFilters holds the conditions of a metric against what its measures can
// be filtered by.
func (r *reader) checkFilters(m *Metric) {
	for _, in := range m.measures() {
		model, measure := r.man.measure(in.Name)
		for _, f := range slices.Concat(m.Filters, in.Filters) {
			c := r.man.compiler(Query{})
			c.zone = "UTC"
			s := newSource(c, &leaf{model: model, time: model.aggTime(measure), conds: []*condition{f.cond}})
			if s.condition(f.cond); s.err != nil {
				r.fail(f.place, hintOf(s.err), "metric %s: filter: %s", m.Name, textOf(s.err))
			}
		}
	}
}
