package semantic

import (
	"fmt"
	"strings"
)

// condition gives a condition's SQL over the source.
func (s *source) condition(cond *condition) string {
	return s.conditionBy(cond, s.item)
}

func (s *source) conditionBy(cond *condition, of func(item) string) string {
	var b strings.Builder
	b.WriteByte('(')
	for _, p := range cond.pieces {
		switch {
		case p.ref == nil:
			b.WriteString(p.sql)
		case p.ref.metric != nil:
			b.WriteString(s.metricValue(p.ref.metric))
		default:
			b.WriteString(of(p.ref.item))
		}
	}
	b.WriteByte(')')
	return b.String()
}

// where is the WHERE clause of the leaf: its conditions, and the stores where
// the model knows them through others only.
func (s *source) where(skip func(*condition) bool) string {
	var conds []string
	for _, cond := range s.l.conds {
		if skip == nil || !skip(cond) {
			conds = append(conds, s.condition(cond))
		}
	}
	if s.c.q.Stores != nil && s.l.model.entity(s.c.man.options.Tenant) == nil {
		way, ok := s.c.man.wayTo(s.l.model, s.c.man.options.Tenant)
		if !ok {
			s.fail(wrong("", "%s is of the whole platform: it is not known by %s", s.what(), s.c.man.options.Tenant))
		} else {
			conds = append(conds, s.c.ofStores(s.element(way)))
		}
	}
	if s.l.nonAdditive != nil {
		if s.c.q.Stores != nil && s.l.model.entity(s.c.man.options.Tenant) == nil {
			s.fail(wrong("", "%s is not known by %s", s.what(), s.c.man.options.Tenant)) // which day is the last would tell of other stores
		}
		conds = append(conds, s.lastRows())
	}
	if len(conds) == 0 {
		return ""
	}
	return "\nWHERE " + strings.Join(conds, " AND ")
}

// what names what the leaf is about.
func (s *source) what() string {
	if s.l.asked != "" {
		return "metric " + s.l.asked
	}
	return "semantic model " + s.l.model.Name
}

// wayTo finds the entity that is one or two joins away.
func (m *Manifest) wayTo(from *Model, entity string) (item, bool) {
	var links [][]string
	for _, e := range from.Entities {
		links = append(links, []string{e.Name})
		for _, to := range m.Models {
			if other := to.entity(e.Name); to != from && other != nil && other.Type != "foreign" {
				for _, further := range to.Entities {
					if further.Name != e.Name {
						links = append(links, []string{e.Name, further.Name})
					}
				}
			}
		}
	}
	for _, way := range links {
		it := item{name: strings.Join(way, "__") + "__" + entity, links: way, element: entity}
		if f, err := m.find(from, it); err == nil && f.entity != nil {
			return it, true
		}
	}
	return item{}, false
}

// lastRows keeps a non-additive measure's rows of the last time of each period
// (or the first), of each of its groupings. What the last time is does not
// depend on the query's conditions: a store without stock on it has none.
func (s *source) lastRows() string {
	na := s.l.nonAdditive
	day := s.c.dayOf(s.l.model.dimension(na.Dimension))
	for _, w := range s.l.offsets {
		day = w.add(day, 1)
	}
	left, inner := []string{"base." + ident(s.base.add("t_last", day))}, []string{na.Choice + "(" + day + ")"}
	var groups []string
	for _, g := range na.Groupings {
		expr := s.c.man.groupingExpr(s.l.model, g)
		left = append(left, "base."+ident(s.base.add("g_"+g, expr)))
		inner = append(inner, expr)
		groups = append(groups, expr)
	}
	if s.c.finest != "" {
		groups = append(groups, bucket(s.day(), s.c.finest, s.c.q.weekStart()))
	}
	limits := s.limits()
	for _, cond := range s.l.conds {
		if cond.onlyTime() {
			limits += map[bool]string{true: " WHERE ", false: " AND "}[limits == ""] + s.conditionBy(cond, s.rawTime)
		}
	}
	sql := fmt.Sprintf("(%s) IN (SELECT %s FROM %s%s", strings.Join(left, ", "), strings.Join(inner, ", "),
		table(s.l.model.Schema, s.l.model.Identifier), limits)
	if len(groups) > 0 {
		sql += " GROUP BY " + strings.Join(groups, ", ")
	}
	return sql + ")"
}

// rawTime is metric_time in the scope of the model's table.
func (s *source) rawTime(it item) string {
	grain := it.grain
	if grain == "" {
		grain = s.l.time.Grain
	}
	if it.part != "" {
		return parts[it.part] + "(" + s.day() + ")"
	}
	return bucket(s.day(), grain, s.c.q.weekStart())
}

// groupingExpr is an entity or dimension of the model.
func (m *Manifest) groupingExpr(model *Model, name string) string {
	if e := model.entity(name); e != nil {
		return e.Expr
	}
	return model.dimension(name).Expr
}

// metricValue joins the answer of a metric that a condition names, by the
// entities that it is grouped by.
func (s *source) metricValue(ref *metricReference) string {
	if s.c.depth >= maxNesting/4 {
		s.fail(wrong("", "metric %s stands in conditions of conditions too deeply", ref.name))
		return "NULL"
	}
	metric := s.c.man.metrics[ref.name]
	if metric == nil || len(ref.groupBy) == 0 {
		s.fail(wrong("write {{ Metric('gmv', ['store']) }}", "a condition needs a known metric and the entities to group it by, not %s by %s", ref.name, join(ref.groupBy)))
		return "NULL"
	}
	alias := "metric_" + ref.name + "_by_" + strings.Join(ref.groupBy, ",")
	if s.joinedAs(alias) == nil {
		s.joinMetric(ref, alias)
	}
	return ident(alias) + "." + ident(ref.name)
}

func (s *source) joinMetric(ref *metricReference, alias string) {
	inner := &compiler{man: s.c.man, uses: s.c.uses, depth: s.c.depth + 1, q: Query{
		Metrics: []string{ref.name}, GroupBy: ref.groupBy, Stores: s.c.q.Stores, TimeZone: s.c.q.TimeZone, WeekStart: s.c.q.WeekStart,
	}}
	if err := inner.prepare(); err != nil {
		s.fail(err)
		return
	}
	body, _, err := inner.body()
	if err != nil {
		s.fail(err)
		return
	}
	var on []string
	for _, name := range ref.groupBy {
		it, _ := parseItem(name) // prepare has read it
		on = append(on, s.element(it)+" = "+ident(alias)+"."+ident(name))
	}
	s.joins = append(s.joins, joined{alias: alias, from: body, on: strings.Join(on, " AND ")})
}
