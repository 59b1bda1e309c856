package semantic

import (
	"fmt"
	"slices"
)

// measureExpr notes the aggregation of a simple or cumulative metric.
func (c *compiler) measureExpr(m *Metric, u usage) (string, error) {
	model, measure := c.man.measure(m.Measure.Name)
	for _, f := range m.Measure.Filters {
		u.conds = append(u.conds[:len(u.conds):len(u.conds)], f.cond)
	}
	l := &leaf{
		model: model, time: model.aggTime(measure), conds: append(c.conditions(), u.conds...),
		offsets: u.offsets, toGrain: u.toGrain, cumulative: m.Cumulative, nonAdditive: measure.NonAdditive,
		previous: measure.period.previous, asked: u.asked,
	}
	if u.toGrain != "" && !c.finest.finer(u.toGrain) {
		l.toGrain = ""
	}
	column, err := c.column(l, measure, firstOf(m.Measure.Alias, m.Name))
	if err != nil {
		return "", err
	}
	if m.Measure.JoinSpine {
		c.spine = true
	}
	sql := "parts." + ident(column)
	if m.Measure.Fill != nil {
		sql = fmt.Sprintf("coalesce(%s, %d)", sql, *m.Measure.Fill)
	}
	return sql, nil
}

// column finds or makes the column of an aggregation, in the leaf that reads
// the same rows.
func (c *compiler) column(l *leaf, measure *Measure, name string) (string, error) {
	if err := l.possible(c, measure); err != nil {
		return "", err
	}
	at := slices.IndexFunc(c.leaves, l.same)
	if at < 0 {
		if len(c.leaves) == maxLeaves {
			return "", wrong("ask for fewer metrics", "the query needs more than %d aggregations", maxLeaves)
		}
		at = len(c.leaves)
		c.leaves = append(c.leaves, l)
	}
	l = c.leaves[at]
	for _, column := range l.columns {
		if column.measure == measure {
			return column.name, nil
		}
	}
	name = c.unused(name)
	l.columns = append(l.columns, aggregate{name, measure})
	return name, nil
}

// unused makes a name that no other column has.
func (c *compiler) unused(name string) string {
	if c.names == nil {
		c.names = map[string]bool{}
		for _, it := range c.items {
			c.names[it.name] = true
		}
	}
	free := name
	for i := 2; c.names[free]; i++ {
		free = fmt.Sprintf("%s_%d", name, i)
	}
	c.names[free] = true
	return free
}
