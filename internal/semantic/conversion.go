package semantic

import (
	"fmt"
	"strings"
)

// conversionExpr notes the two counts of a conversion metric.
func (c *compiler) conversionExpr(m *Metric, u usage) (string, error) {
	conv := m.Conversion
	baseModel, base := c.man.measure(conv.Base.Name)
	convertedModel, converted := c.man.measure(conv.Converted.Name)
	conds := append(c.conditions(), u.conds...)
	all := &leaf{model: baseModel, time: baseModel.aggTime(base), conds: withFilters(conds, conv.Base), offsets: u.offsets, asked: u.asked}
	if u.toGrain != "" {
		return "", wrong("", "conversion metric %s cannot be offset to a grain", m.Name)
	}
	followed := *all
	followed.conversion = conv
	followed.converted = &leaf{model: convertedModel, time: convertedModel.aggTime(converted), conds: withFilters(nil, conv.Converted), offsets: u.offsets, asked: u.asked}
	if err := followed.converted.possible(c, converted); err != nil {
		return "", err
	}
	number, err := c.column(&followed, converted, m.Name+"_conversions")
	if err != nil {
		return "", err
	}
	n := fillOf("parts."+ident(number), conv.Converted)
	if conv.Calculation == "conversions" {
		return n, nil
	}
	whole, err := c.column(all, base, m.Name+"_base")
	d := fillOf("parts."+ident(whole), conv.Base)
	// A base event that nothing follows is one more without a conversion.
	return "if(" + d + " IS NULL, NULL, coalesce(toFloat64(" + n + "), 0)) / nullIf(toFloat64(" + d + "), 0)", err
}

func withFilters(conds []*condition, in *MeasureInput) []*condition {
	out := append([]*condition(nil), conds...)
	for _, f := range in.Filters {
		out = append(out, f.cond)
	}
	return out
}

func fillOf(sql string, in *MeasureInput) string {
	if in.Fill != nil {
		return fmt.Sprintf("coalesce(%s, %d)", sql, *in.Fill)
	}
	return sql
}

// conversionSQL counts the events that follow a base event of the same entity
// within the window. Each belongs to the last base event before it, from which
// it takes what is grouped by, so that none counts twice.
func (c *compiler) conversionSQL(l *leaf) (string, error) {
	base, followed := newSource(c, l), newSource(c, l.converted)
	conv := l.conversion
	selected := []string{base.entityOf(conv.Entity) + " AS _entity", base.moment() + " AS _at"}
	later := []string{followed.entityOf(conv.Entity) + " AS _entity", followed.moment() + " AS _at"}
	on := []string{"later._entity = base._entity"}
	for i, p := range conv.Constants {
		name := ident(fmt.Sprintf("_same_%d", i+1))
		selected = append(selected, base.constant(p.Base)+" AS "+name)
		later = append(later, followed.constant(p.Converted)+" AS "+name)
		on = append(on, "later."+name+" = base."+name)
	}
	on = append(on, "later._at >= base._at")
	var outer, groups []string
	for _, it := range c.items {
		selected = append(selected, base.item(it)+" AS "+ident(it.name))
		outer = append(outer, "base."+ident(it.name)+" AS "+ident(it.name))
		groups = append(groups, ident(it.name))
	}
	a := l.columns[0]
	value := "base." + ident(followed.base.add("m_"+a.measure.Name, a.measure.Expr))
	later = append(later, value+" AS _value")
	outer = append(outer, functionOf(a.measure).call("", "later._value")+" AS "+ident(a.name))
	where, laterWhere := base.where(nil), followed.unboundedWhere()
	sql := "SELECT " + strings.Join(outer, ", ") + "\nFROM (SELECT " + strings.Join(later, ", ") + "\nFROM " + followed.from() + laterWhere + ") AS later" +
		"\nASOF INNER JOIN (SELECT " + strings.Join(selected, ", ") + "\nFROM " + base.from() + where + ") AS base ON " + strings.Join(on, " AND ")
	if !conv.Window.isZero() {
		sql += "\nWHERE base._at > " + conv.Window.add("later._at", -1)
	}
	return sql + grouped(groups), firstError(base.err, followed.err)
}

func (s *source) entityOf(name string) string {
	e := s.l.model.entity(name)
	return "base." + ident(s.base.add("e_"+name, e.Expr))
}

// constant is a property that both events have in common, by the name of the
// model's dimension or entity.
func (s *source) constant(name string) string {
	if i := strings.LastIndex(name, "__"); i >= 0 {
		name = name[i+2:]
	}
	return "base." + ident(s.base.add("c_"+name, s.c.man.groupingExpr(s.l.model, name)))
}

// moment is when an event happened, as finely as it is known.
func (s *source) moment() string {
	sql := "base." + ident(s.base.add("t_moment", s.l.time.Expr))
	if !s.l.time.Grain.finer(Day) {
		sql = "toDate(" + sql + ", " + literal(s.c.zone) + ")"
	}
	for _, w := range s.l.offsets {
		sql = w.add(sql, 1)
	}
	return sql
}

// unboundedWhere is the conditions of events that follow: they may come after
// the span of time has ended.
func (s *source) unboundedWhere() string {
	s.l.unbounded = true
	return s.where(nil)
}
