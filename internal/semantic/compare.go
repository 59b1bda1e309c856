package semantic

import (
	"fmt"
	"strings"
	"time"
)

// compared puts the metrics beside their values in an earlier time.
func (c *compiler) compared() (Statement, error) {
	shift, earlier, err := c.earlier()
	if err != nil {
		return Statement{}, err
	}
	now, columns, err := c.body()
	if err != nil {
		return Statement{}, err
	}
	then := &compiler{man: c.man, q: c.q, uses: c.uses, depth: c.depth}
	then.q.Start, then.q.End, then.q.Compare = earlier[0], earlier[1], ""
	if err := then.prepare(); err != nil {
		return Statement{}, err
	}
	before, _, err := then.body()
	if err != nil {
		return Statement{}, err
	}
	body, columns := c.beside(now+c.fromFirst(), before, shift, columns)
	return c.finish(body, columns)
}

// earlier is the time to compare with, and how its periods are moved to stand
// beside those of the query.
func (c *compiler) earlier() (shift func(item) string, span [2]time.Time, err error) {
	switch c.q.Compare {
	case PreviousPeriod, PreviousYear:
	default:
		return nil, span, wrong("known here: previous_period, previous_year", "there is no comparison %q", c.q.Compare)
	}
	for _, it := range c.items {
		if it.kind == timeItem && it.part != "" {
			return nil, span, wrong("leave the comparison out, or group by metric_time", "%s cannot be compared with an earlier time", it.name)
		}
	}
	if c.finest != "" && c.finest.finer(Day) {
		return nil, span, wrong("ask by day or coarser", "a comparison is not known by %s", c.finest)
	}
	if c.start.IsZero() || c.end.IsZero() {
		return c.unbounded()
	}
	if c.finest != "" && c.finest.finer(Month) && !c.coarsest.finer(Month) {
		return nil, span, c.oneGrain() // days would move by months, which differ in length
	}
	if c.q.Compare == PreviousYear {
		return c.yearBefore()
	}
	start, end := before(c.start, c.end)
	if c.coarsest == "" || !c.coarsest.finer(Month) {
		w := Window{(c.start.Year()-start.Year())*12 + int(c.start.Month()-start.Month()), Month}
		if c.start.Day() != 1 || c.end.Day() != 1 {
			w = Window{int(c.start.Sub(start).Hours() / 24), Day}
		}
		return moveBy(w), [2]time.Time{start, end}, nil
	}
	// Days and weeks stand beside as many days and weeks.
	days := int(c.end.Sub(c.start).Hours() / 24)
	return moveBy(Window{days, Day}), [2]time.Time{c.start.AddDate(0, 0, -days), c.start}, nil
}

func moveBy(w Window) func(item) string {
	return func(it item) string { return w.add("earlier."+ident(it.name), 1) }
}

// yearBefore compares with the year before: days and weeks with those 52 weeks
// earlier, so that weekdays stand beside weekdays.
func (c *compiler) yearBefore() (func(item) string, [2]time.Time, error) {
	if c.coarsest != "" && c.coarsest.finer(Month) {
		const days = 52 * 7
		return moveBy(Window{days, Day}), [2]time.Time{c.start.AddDate(0, 0, -days), c.end.AddDate(0, 0, -days)}, nil
	}
	start := c.start.AddDate(-1, 0, 0)
	if c.start.Day() != start.Day() {
		start = start.AddDate(0, 0, -1) // 29 February stands beside the 28th
	}
	return moveBy(Window{1, Year}), [2]time.Time{start, c.end.AddDate(-1, 0, 0)}, nil
}

func (c *compiler) oneGrain() error {
	return wrong("group by one of them", "a comparison of periods needs one grain of time, not %s and %s", c.finest, c.coarsest)
}

// unbounded compares each period with the one before it, or a year before it.
func (c *compiler) unbounded() (shift func(item) string, span [2]time.Time, err error) {
	if c.finest == "" {
		return nil, span, wrong("say which: --start-time and --end-time", "a comparison needs a span of time, or metric_time to group by")
	}
	if c.finest != c.coarsest {
		return nil, span, c.oneGrain()
	}
	w := Window{1, c.finest}
	switch {
	case c.q.Compare == PreviousPeriod:
	case c.finest.finer(Month):
		w = Window{52 * 7, Day}
	default:
		w = Window{1, Year}
	}
	span = [2]time.Time{c.start, c.end}
	for i, day := range span {
		if !day.IsZero() {
			span[i] = w.from(day, -1)
		}
	}
	return moveBy(w), span, nil
}

// beside joins now and before on the items, those of before moved.
func (c *compiler) beside(now, before string, shift func(item) string, columns []Column) (string, []Column) {
	var nowList, thenList, merged, final, groups []string
	for _, it := range c.items {
		name := ident(it.name)
		moved := name
		if it.kind == timeItem {
			moved = shift(it) + " AS " + name
		}
		nowList, thenList = append(nowList, name), append(thenList, moved)
		merged, groups, final = append(merged, name), append(groups, name), append(final, "both."+name+" AS "+name)
	}
	among := c.amongNow()
	if among != "" {
		nowList, thenList, merged = append(nowList, "1 AS _now"), append(thenList, "0 AS _now"), append(merged, "max(_now) AS _now")
	}
	out := columns[:len(c.items):len(c.items)]
	for _, column := range columns[len(c.items):] {
		name, previous, change := column.Name, column.Name+"__previous", column.Name+"__change"
		nowList = append(nowList, ident(name), "NULL AS "+ident(previous))
		thenList = append(thenList, "NULL AS "+ident(name), "earlier."+ident(name)+" AS "+ident(previous))
		for _, one := range []string{name, previous} {
			merged = append(merged, "any("+ident(one)+") AS "+ident(one))
			final = append(final, c.filled("both."+ident(one), name)+" AS "+ident(one))
		}
		a, b := c.filled("both."+ident(name), name), c.filled("both."+ident(previous), name)
		sql := fmt.Sprintf("toFloat64(%s) / nullIf(toFloat64(%s), 0) - 1", a, b)
		if column.Unit == "rate" {
			sql = a + " - " + b
		}
		final = append(final, sql+" AS "+ident(change))
		out = append(out, column, Column{previous, PreviousColumn, name, column.Unit, ""}, Column{change, ChangeColumn, name, "rate", ""})
	}
	sql := "SELECT " + strings.Join(final, ", ") + "\nFROM (\nSELECT " + strings.Join(merged, ", ") + "\nFROM (\nSELECT " +
		strings.Join(nowList, ", ") + " FROM (\n" + now + "\n)\nUNION ALL\nSELECT " + strings.Join(thenList, ", ") + c.thenFrom(before, shift) + "\n)" + grouped(groups) + "\n) AS both" + among
	return sql, out
}

// thenFrom leaves out periods that would stand behind the end of the span.
func (c *compiler) thenFrom(before string, shift func(item) string) string {
	sql := " FROM (\n" + before + "\n) AS earlier"
	if c.start.IsZero() || c.end.IsZero() {
		return sql
	}
	var conds []string
	for _, it := range c.items {
		if it.kind == timeItem {
			conds = append(conds, shift(it)+" < "+date(c.end), shift(it)+" >= "+date(floor(c.start, it.grain, c.q.weekStart())))
		}
	}
	if len(conds) == 0 {
		return sql
	}
	return sql + " WHERE " + strings.Join(conds, " AND ")
}

// filled is a metric's value, filled where the metric fills nulls.
func (c *compiler) filled(sql, metric string) string {
	m := c.man.metrics[metric]
	if m.Type == "simple" && m.Measure.Fill != nil {
		return fmt.Sprintf("coalesce(%s, %d)", sql, *m.Measure.Fill)
	}
	return sql
}
