package semantic

import (
	"fmt"
	"strings"
)

// source is the rows of a leaf: its model's table and what is joined to it.
// Each table stands in a subquery that gives its columns names of their own, so
// that two tables' columns never mix.
type source struct {
	c     *compiler
	l     *leaf
	base  columns
	joins []joined
	err   error
}

// columns are a subquery's, each once.
type columns struct {
	names, exprs []string
}

func (cs *columns) add(name, expr string) string {
	for _, n := range cs.names {
		if n == name {
			return name
		}
	}
	cs.names, cs.exprs = append(cs.names, name), append(cs.exprs, expr)
	return name
}

func (cs *columns) list() string {
	parts := make([]string, len(cs.names))
	for i := range cs.names {
		parts[i] = cs.exprs[i] + " AS " + ident(cs.names[i])
	}
	return strings.Join(parts, ", ")
}

func newSource(c *compiler, l *leaf) *source { return &source{c: c, l: l} }

// day is the day of the model's rows in its table, moved by the offsets.
func (s *source) day() string {
	if s.l.time == nil {
		return ""
	}
	day := s.c.dayOf(s.l.time)
	for _, w := range s.l.offsets {
		day = w.add(day, 1)
	}
	if s.l.previous && s.c.finest != "" {
		day = next(bucket(day, s.c.finest, s.c.q.weekStart()), s.c.finest)
	}
	return day
}

func (c *compiler) dayOf(d *Dimension) string {
	return "toDate(" + d.Expr + ", " + literal(c.zone) + ")"
}

// element gives the SQL of a dimension or entity, joining what leads to it.
func (s *source) element(it item) string {
	f, err := s.c.man.find(s.l.model, it)
	if err != nil {
		s.fail(err)
		return "NULL"
	}
	it = f.item
	name := "d_" + it.element
	if f.entity != nil {
		name = "e_" + it.element
	}
	var sql string
	if len(f.steps) == 0 {
		sql = "base." + ident(s.base.add(name, f.expr()))
	} else {
		j := s.join(f.steps)
		sql = ident(j.alias) + "." + ident(j.cols.add(name, f.expr()))
	}
	return s.timed(sql, it, f)
}

// timed cuts a time dimension to the grain that is asked for.
func (s *source) timed(sql string, it item, f found) string {
	switch {
	case f.dimension == nil || f.dimension.Type != "time":
		if it.grain != "" || it.part != "" {
			s.fail(wrong("", "%s is no time: it has no grain", it.name))
		}
		return sql
	case it.part != "":
		return parts[it.part] + "(toDate(" + sql + ", " + literal(s.c.zone) + "))"
	}
	grain := it.grain
	if grain == "" {
		grain = f.dimension.Grain
	}
	if grain.finer(f.dimension.Grain) {
		s.fail(wrong("ask by "+string(f.dimension.Grain)+" or coarser", "%s is kept by %s", it.name, f.dimension.Grain))
	}
	return s.c.cut(sql, grain)
}

// cut is the SQL of a time cut to a grain.
func (c *compiler) cut(moment string, g Grain) string {
	switch g {
	case Second, Minute, Hour:
		return fmt.Sprintf("toStartOf%s(toDateTime64(%s, 3), %s)", strings.ToUpper(string(g[:1]))+string(g[1:]), moment, literal(c.zone))
	}
	return bucket("toDate("+moment+", "+literal(c.zone)+")", g, c.q.weekStart())
}

func (s *source) fail(err error) {
	if s.err == nil {
		s.err = err
	}
}

// metricTime gives the SQL of metric_time for a row.
func (s *source) metricTime(it item) string {
	d := s.l.time
	switch {
	case d == nil:
		s.fail(wrong("", "semantic model %s has no time: %s cannot be asked of it", s.l.model.Name, it.name))
		return "NULL"
	case it.part != "":
		return parts[it.part] + "(" + s.dayColumn() + ")"
	}
	grain := it.grain
	if grain == "" {
		grain = d.Grain
	}
	if grain.finer(d.Grain) {
		s.fail(wrong("ask by "+string(d.Grain)+" or coarser", "%s: semantic model %s is kept by %s", it.name, s.l.model.Name, d.Grain))
	}
	if !grain.finer(Day) {
		return bucket(s.dayColumn(), grain, s.c.q.weekStart())
	}
	if len(s.l.offsets) > 0 || s.l.previous {
		s.fail(wrong("ask by day or coarser", "%s: an offset metric is not known by %s", it.name, grain))
	}
	return s.c.cut("base."+ident(s.base.add("t_moment", d.Expr)), grain)
}

func (s *source) dayColumn() string { return "base." + ident(s.base.add("t_day", s.day())) }

// item gives the SQL of what is grouped or filtered by.
func (s *source) item(it item) string {
	if it.kind == timeItem {
		return s.metricTime(it)
	}
	return s.element(it)
}

// limits is the WHERE clause of the model's own table: its rows of the right
// scope, of the stores, and of the span of time.
func (s *source) limits() string {
	var conds []string
	if sc := s.l.model.scope; sc != nil {
		value := sc.without
		if s.c.asks(sc.entity, s.l.conds) {
			value = sc.with
		}
		conds = append(conds, ident(sc.dimension)+" = "+literal(value))
	}
	if s.c.q.Stores != nil {
		if e := s.l.model.entity(s.c.man.options.Tenant); e != nil {
			conds = append(conds, s.c.ofStores(e.Expr))
		}
	}
	conds = append(conds, s.span()...)
	if len(conds) == 0 {
		return ""
	}
	return " WHERE " + strings.Join(conds, " AND ")
}

func (c *compiler) ofStores(expr string) string {
	if len(c.q.Stores) == 0 {
		return "0"
	}
	return "(" + expr + ") IN (" + literals(c.q.Stores) + ")"
}
