package semantic

import (
	"fmt"
	"slices"
	"strings"
)

// fills says whether empty periods get a row.
func (c *compiler) fills() bool {
	return c.spine && !c.q.Sparse && c.man.Spine != nil && c.finest != "" && !c.finest.finer(Day)
}

// fromFirst leaves out the periods before the first one in which any metric has
// rows, where nobody says when the answer begins: the spine begins with the first
// thing that the project knows of, which may be years before an asked metric's.
func (c *compiler) fromFirst() string {
	if !c.fills() || !c.start.IsZero() || slices.ContainsFunc(c.conditions(), (*condition).onlyTime) {
		return ""
	}
	i := slices.IndexFunc(c.items, func(it item) bool { return it.kind == timeItem && it.part == "" && it.grain == c.finest })
	period := "parts." + ident(c.items[i].name)
	var known []string
	for _, l := range c.leaves {
		for _, a := range l.columns {
			known = append(known, "parts."+ident(a.name)+" IS NOT NULL")
		}
	}
	// Without any rows the first period is that of 1970, and nothing is left out.
	return fmt.Sprintf("\nQUALIFY ifNull(%[1]s >= minIf(%[1]s, %s) OVER (), 1)", period, strings.Join(known, " OR "))
}

// amongNow leaves out the periods that a comparison would add before the first
// or behind the last of those that the query has without it, where no start or no
// end is asked for: a time compared with would stand there beside nothing.
func (c *compiler) amongNow() string {
	i := slices.IndexFunc(c.items, func(it item) bool { return it.kind == timeItem })
	var conds []string
	if c.start.IsZero() {
		conds = append(conds, "%[1]s >= minIf(%[1]s, both._now) OVER ()")
	}
	if c.end.IsZero() {
		conds = append(conds, "%[1]s <= maxIf(%[1]s, both._now) OVER ()")
	}
	if len(conds) == 0 {
		return ""
	}
	return fmt.Sprintf("\nQUALIFY ifNull("+strings.Join(conds, " AND ")+", 1)", "both."+ident(c.items[i].name))
}

// others are the items that are not the metrics' time.
func (c *compiler) others() []item {
	var list []item
	for _, it := range c.items {
		if it.kind != timeItem {
			list = append(list, it)
		}
	}
	return list
}

// times gives the SQL of the time items of a day.
func (c *compiler) times(day string) []string {
	var list []string
	for _, it := range c.items {
		switch {
		case it.kind != timeItem:
		case it.part != "":
			list = append(list, parts[it.part]+"("+day+")")
		default:
			list = append(list, bucket(day, it.grain, c.q.weekStart()))
		}
	}
	return list
}

// spineFrom is the spine's rows in the span of time, by the query's conditions
// on time.
func (c *compiler) spineFrom() string {
	day := ident(c.man.Spine.Column)
	where := c.spineWhere(day)
	s := &source{c: c}
	for _, cond := range c.conditions() {
		if cond.onlyTime() {
			where += map[bool]string{true: " WHERE ", false: " AND "}[where == ""] + s.conditionBy(cond, func(it item) string {
				if it.part != "" {
					return parts[it.part] + "(" + day + ")"
				}
				return bucket(day, it.grain, c.q.weekStart())
			})
		}
	}
	return " FROM " + table(c.man.Spine.Schema, c.man.Spine.Identifier) + where
}

// spineBranch gives a row without figures for each period.
func (c *compiler) spineBranch(width int) string {
	selected := c.times(ident(c.man.Spine.Column))
	for range width {
		selected = append(selected, "NULL")
	}
	return "SELECT DISTINCT " + strings.Join(selected, ", ") + c.spineFrom()
}

// dense gives every combination of the other items that occurs a row for every
// period.
func (c *compiler) dense(union string, others []item, all []string) string {
	var names, slot, outer, groups []string
	for _, it := range others {
		names = append(names, ident(it.name))
	}
	for _, it := range c.items {
		if it.kind == timeItem {
			slot = append(slot, ident(it.name))
		}
	}
	times := len(slot)
	for _, name := range all {
		slot = append(slot, "toNullable("+ident(name)+")")
	}
	at := 0
	for _, it := range c.items {
		if it.kind == timeItem {
			at++
			outer = append(outer, fmt.Sprintf("_slot.%d AS %s", at, ident(it.name)))
		} else {
			outer = append(outer, ident(it.name))
		}
		groups = append(groups, ident(it.name))
	}
	for i, name := range all {
		outer = append(outer, fmt.Sprintf("any(_slot.%d) AS %s", times+i+1, ident(name)))
	}
	empty := c.times(ident(c.man.Spine.Column))
	for range all {
		empty = append(empty, "NULL")
	}
	inner := fmt.Sprintf("SELECT %s, arrayJoin(arrayConcat(groupArray((%s)), (SELECT groupUniqArray((%s))%s))) AS _slot\nFROM (\n%s\n)%s",
		strings.Join(names, ", "), strings.Join(slot, ", "), strings.Join(empty, ", "), c.spineFrom(), union, grouped(names))
	return "SELECT " + strings.Join(outer, ", ") + "\nFROM (\n" + inner + "\n)" + grouped(groups)
}
