package semantic

import (
	"fmt"
	"strings"
)

// sql is the leaf's aggregation: the items, then its columns.
func (l *leaf) sql(c *compiler) (string, error) {
	switch {
	case l.conversion != nil:
		return c.conversionSQL(l)
	case l.exploded():
		return c.explodedSQL(l)
	}
	s := newSource(c, l)
	var selected, groups []string
	for _, it := range c.items {
		selected = append(selected, s.item(it)+" AS "+ident(it.name))
		groups = append(groups, ident(it.name))
	}
	for _, a := range l.columns {
		selected = append(selected, s.aggregated(a, "")+" AS "+ident(a.name))
	}
	where := s.where(nil)
	sql := "SELECT " + strings.Join(selected, ", ") + "\nFROM " + s.from() + where + grouped(groups)
	return sql, s.err
}

func grouped(by []string) string {
	if len(by) == 0 {
		return ""
	}
	return "\nGROUP BY " + strings.Join(by, ", ")
}

// explodedSQL is of leaves whose rows count in several periods: states by day
// first, each of which then counts on every day that it reaches.
func (c *compiler) explodedSQL(l *leaf) (string, error) {
	s := newSource(c, l)
	var inner, merged, groups []string
	for _, it := range c.items {
		if it.kind != timeItem {
			inner = append(inner, s.item(it)+" AS "+ident(it.name))
			groups = append(groups, ident(it.name))
		}
	}
	inner = append(inner, s.dayColumn()+" AS _day")
	for _, a := range l.columns {
		inner = append(inner, s.aggregated(a, "State")+" AS "+ident(a.name))
	}
	where := s.where((*condition).hasTime)
	states := "SELECT " + strings.Join(inner, ", ") + "\nFROM " + s.from() + where + grouped(append(groups[:len(groups):len(groups)], "_day"))
	for _, a := range l.columns {
		merged = append(merged, functionOf(a.measure).call("Merge", ident(a.name))+" AS "+ident(a.name))
	}
	timeConds := c.slotConditions(s)
	if s.err != nil {
		return "", s.err
	}
	slots := fmt.Sprintf("SELECT *, arrayJoin(arrayFilter(x -> %s, %s)) AS _slot FROM (%s)", l.reaches(c), c.asOf(l), states)
	if c.finest == "" {
		return "SELECT " + strings.Join(append(groups[:len(groups):len(groups)], merged...), ", ") + "\nFROM (" + slots + ")" + timeConds + grouped(groups), nil
	}
	by := append(groups[:len(groups):len(groups)], "_label", "_at")
	days := "SELECT " + strings.Join(append(append(groups[:len(groups):len(groups)], "_slot.1 AS _label", "_slot.2 AS _at"), merged...), ", ") +
		"\nFROM (" + slots + ")" + timeConds + grouped(by)
	return c.labelled(l, days), nil
}

// labelled turns the days into the periods that are asked for.
func (c *compiler) labelled(l *leaf, days string) string {
	var selected, groups []string
	for _, it := range c.items {
		sql := ident(it.name)
		if it.kind == timeItem {
			sql = c.labelOf(it) + " AS " + sql
		}
		selected = append(selected, sql)
		groups = append(groups, ident(it.name))
	}
	average := l.cumulative != nil && l.cumulative.PeriodAgg == "average" && !l.cumulative.atStart
	for _, a := range l.columns {
		if average {
			selected = append(selected, "avg("+ident(a.name)+") AS "+ident(a.name))
		} else {
			selected = append(selected, "any("+ident(a.name)+") AS "+ident(a.name))
		}
	}
	return "SELECT " + strings.Join(selected, ", ") + "\nFROM (" + days + ")" + grouped(groups)
}

func (c *compiler) labelOf(it item) string {
	if it.part != "" {
		return parts[it.part] + "(_label)"
	}
	return bucket("_label", it.grain, c.q.weekStart())
}

// reaches is the condition under which a state of _day counts on a day x.2.
func (l *leaf) reaches(c *compiler) string {
	week := c.q.weekStart()
	cum := l.cumulative
	switch {
	case l.toGrain != "":
		begin := bucket("_day", l.toGrain, week)
		return fmt.Sprintf("%s = %s AND %s = %s", bucket("x.1", l.toGrain, week), begin, bucket("_day", c.finest, week), bucket(begin, c.finest, week))
	case cum.GrainToDate != "":
		return fmt.Sprintf("x.2 >= _day AND %s = %s", bucket("x.2", cum.GrainToDate, week), bucket("_day", cum.GrainToDate, week))
	case !cum.Window.isZero():
		return "x.2 >= _day AND _day > " + cum.Window.add("x.2", -1)
	}
	return "x.2 >= _day"
}

// asOf is the array of days on which a counted-up figure is wanted, each with
// the period that it is the figure of.
func (c *compiler) asOf(l *leaf) string {
	spine, day := c.man.Spine, ident(c.man.Spine.Column)
	from := " FROM " + table(spine.Schema, spine.Identifier) + c.spineWhere(day)
	week, atStart := c.q.weekStart(), l.cumulative != nil && l.cumulative.atStart
	choice := "max"
	if l.cumulative != nil && l.cumulative.PeriodAgg == "first" {
		choice = "min"
	}
	switch {
	case c.finest == "" && atStart && c.start.IsZero():
		return "CAST([], 'Array(Tuple(Date, Date))')"
	case c.finest == "" && atStart:
		return fmt.Sprintf("[(%[1]s, addDays(%[1]s, -1))]", date(c.start))
	case c.finest == "":
		return fmt.Sprintf("(SELECT [(max(%[1]s), max(%[1]s))]%[2]s)", day, from)
	case atStart || l.toGrain != "":
		shift := map[bool]string{true: "addDays(_label, -1)", false: "_label"}[atStart]
		return fmt.Sprintf("(SELECT groupArray((_label, %s)) FROM (SELECT DISTINCT %s AS _label%s))", shift, bucket(day, c.finest, week), from)
	case l.cumulative.PeriodAgg == "average":
		return fmt.Sprintf("(SELECT groupArray((%s, %s))%s)", bucket(day, c.finest, week), day, from)
	}
	return fmt.Sprintf("(SELECT groupArray((_label, _last)) FROM (SELECT %s AS _label, %s(%s) AS _last%s GROUP BY _label))",
		bucket(day, c.finest, week), choice, day, from)
}

// spineWhere limits the spine to the span of time.
func (c *compiler) spineWhere(day string) string {
	var conds []string
	if !c.start.IsZero() {
		conds = append(conds, day+" >= "+date(c.start))
	}
	if !c.end.IsZero() {
		conds = append(conds, day+" < "+date(c.end))
	}
	if len(conds) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(conds, " AND ")
}

// slotConditions are the conditions on metric_time, which for a figure that is
// counted up choose among its days, not among the rows that it is made of.
func (c *compiler) slotConditions(s *source) string {
	var conds []string
	for _, cond := range s.l.conds {
		switch {
		case !cond.hasTime():
		case !cond.onlyTime():
			s.fail(wrong("split the condition in two", "a condition of a metric that is counted up over time is about metric_time and something else"))
		default:
			conds = append(conds, s.conditionBy(cond, func(it item) string {
				if it.part != "" {
					return parts[it.part] + "(_slot.2)"
				}
				return bucket("_slot.2", it.grain, c.q.weekStart())
			}))
		}
	}
	if len(conds) == 0 {
		return ""
	}
	return "\nWHERE " + strings.Join(conds, " AND ")
}
