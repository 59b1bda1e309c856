package semantic

import "strings"

// body is the SELECT of the items and the metrics, in no order.
func (c *compiler) body() (string, []Column, error) {
	var selected []string
	columns := c.itemColumns()
	for _, it := range c.items {
		selected = append(selected, "parts."+ident(it.name)+" AS "+ident(it.name))
	}
	for _, name := range c.q.Metrics {
		metric := c.man.metrics[name]
		sql, err := c.expr(metric, usage{asked: name})
		if err != nil {
			return "", nil, err
		}
		selected = append(selected, sql+" AS "+ident(name))
		columns = append(columns, Column{Name: name, Kind: MetricColumn, Metric: name, Unit: metric.Unit})
	}
	parts, err := c.combined()
	if err != nil {
		return "", nil, err
	}
	return "SELECT " + strings.Join(selected, ", ") + "\nFROM (\n" + parts + "\n) AS parts", columns, nil
}

func (c *compiler) itemColumns() []Column {
	var columns []Column
	for _, it := range c.items {
		column := Column{Name: it.name, Kind: GroupColumn}
		if it.kind == timeItem && it.part == "" {
			column.Kind, column.Grain = TimeColumn, it.grain
		}
		columns = append(columns, column)
	}
	return columns
}

// combined brings the leaves together on the items: each gives its rows with
// null for the others' columns, and what stands under the same items becomes
// one row. Nulls among the items are equal here, as they are in no join.
func (c *compiler) combined() (string, error) {
	fill := c.fills()
	if len(c.leaves) == 1 && !fill {
		return c.leaves[0].sql(c)
	}
	var all []string // the columns of every leaf
	for _, l := range c.leaves {
		for _, a := range l.columns {
			all = append(all, a.name)
		}
	}
	var branches []string
	for i, l := range c.leaves {
		sql, err := l.sql(c)
		if err != nil {
			return "", err
		}
		branches = append(branches, c.branch(sql, l, all, i == 0))
	}
	others := c.others()
	if fill && len(others) == 0 {
		branches = append(branches, c.spineBranch(len(all)))
	}
	union := strings.Join(branches, "\nUNION ALL\n")
	if fill && len(others) > 0 {
		return c.dense(union, others, all), nil
	}
	var selected, groups []string
	for _, it := range c.items {
		selected, groups = append(selected, ident(it.name)), append(groups, ident(it.name))
	}
	for _, name := range all {
		selected = append(selected, "any("+ident(name)+") AS "+ident(name))
	}
	return "SELECT " + strings.Join(selected, ", ") + "\nFROM (\n" + union + "\n)" + grouped(groups), nil
}

// branch pads a leaf with the columns of the others.
func (c *compiler) branch(sql string, l *leaf, all []string, first bool) string {
	if len(all) == len(l.columns) {
		return sql
	}
	own := map[string]bool{}
	for _, a := range l.columns {
		own[a.name] = true
	}
	var selected []string
	for _, it := range c.items {
		selected = append(selected, ident(it.name))
	}
	for _, name := range all {
		if own[name] {
			selected = append(selected, ident(name))
		} else if first {
			selected = append(selected, "NULL AS "+ident(name))
		} else { // the first branch gives the names
			selected = append(selected, "NULL")
		}
	}
	return "SELECT " + strings.Join(selected, ", ") + " FROM (\n" + sql + "\n)"
}
