package semantic

import "slices"

// measure finds the model that a measure belongs to.
func (m *Manifest) measure(name string) (*Model, *Measure) {
	for _, model := range m.Models {
		if one := model.measure(name); one != nil {
			return model, one
		}
	}
	return nil, nil
}

// measures are those that a metric counts itself.
func (m *Metric) measures() []*MeasureInput {
	all := []*MeasureInput{m.Measure}
	if m.Conversion != nil {
		all = append(all, m.Conversion.Base, m.Conversion.Converted)
	}
	return slices.DeleteFunc(all, func(in *MeasureInput) bool { return in == nil })
}

// inputs are the metrics that a metric is made of.
func (m *Metric) inputs() []*MetricInput {
	var list []*MetricInput
	for _, in := range append([]*MetricInput{m.Numerator, m.Denominator}, m.Inputs...) {
		if in != nil {
			list = append(list, in)
		}
	}
	return list
}

// asks says whether the query, or one of these conditions, is about an entity.
func (c *compiler) asks(entity string, conds []*condition) bool {
	if entity == c.man.options.Tenant && c.q.Stores != nil {
		return true
	}
	about := func(it item) bool {
		return it.kind == elementItem && (it.element == entity && len(it.links) == 0 || len(it.links) > 0 && it.links[0] == entity)
	}
	if slices.ContainsFunc(c.items, about) {
		return true
	}
	for _, cond := range conds {
		if slices.ContainsFunc(cond.items(), about) {
			return true
		}
		for _, p := range cond.pieces {
			if p.ref != nil && p.ref.metric != nil && slices.Contains(p.ref.metric.groupBy, entity) {
				return true
			}
		}
	}
	return false
}

// conditions are those of the whole query.
func (c *compiler) conditions() []*condition {
	all := slices.Clone(c.where)
	for _, f := range c.saved {
		all = append(all, f.cond)
	}
	return all
}
