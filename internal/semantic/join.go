package semantic

import (
	"fmt"
	"strings"
)

// joined is a table joined along an entity, or the answer of a metric that a
// condition names.
type joined struct {
	alias string
	model *Model
	cols  columns
	on    string
	from  string // the subquery, where it is no model
}

// join adds the joins along a way and gives the last.
func (s *source) join(steps []step) *joined {
	for i := range steps {
		alias := wayName(steps[:i+1])
		if s.joinedAs(alias) != nil {
			continue
		}
		entity, to := steps[i].entity, steps[i].to
		var left string
		if i == 0 {
			left = "base." + ident(s.base.add("e_"+entity, s.l.model.entity(entity).Expr))
		} else {
			before := s.joinedAs(wayName(steps[:i]))
			left = ident(before.alias) + "." + ident(before.cols.add("e_"+entity, before.model.entity(entity).Expr))
		}
		j := joined{alias: alias, model: to}
		j.on = left + " = " + ident(alias) + "." + ident(j.cols.add("k_"+entity, to.entity(entity).Expr))
		j.on += s.valid(&j)
		s.joins = append(s.joins, j)
	}
	return s.joinedAs(wayName(steps))
}

// valid limits a slowly changing dimension to the row of the time.
func (s *source) valid(j *joined) string {
	sql := ""
	for _, d := range j.model.Dimensions {
		if !d.ValidFrom && !d.ValidTo {
			continue
		}
		if s.l.time == nil {
			s.fail(wrong("", "%s changes over time, and %s has none", j.model.Name, s.l.model.Name))
			return ""
		}
		now := "base." + ident(s.base.add("t_moment", s.l.time.Expr))
		column := ident(j.alias) + "." + ident(j.cols.add("v_"+d.Name, d.Expr))
		if d.ValidFrom {
			sql += " AND " + now + " >= " + column
		}
		if d.ValidTo {
			sql += " AND (" + now + " < " + column + " OR " + column + " IS NULL)"
		}
	}
	return sql
}

func (s *source) joinedAs(alias string) *joined {
	for i := range s.joins {
		if s.joins[i].alias == alias {
			return &s.joins[i]
		}
	}
	return nil
}

func table(schema, identifier string) string { return ident(schema) + "." + ident(identifier) }

// from is the FROM clause: the base subquery with the rows that can count, and
// the joins.
func (s *source) from() string {
	var b strings.Builder
	limits := s.limits()
	if len(s.base.names) == 0 {
		s.base.add("one", "1")
	}
	b.WriteString("(SELECT " + s.base.list() + " FROM " + table(s.l.model.Schema, s.l.model.Identifier) + limits + ") AS base")
	for i := range s.joins {
		j := &s.joins[i]
		from := j.from
		if from == "" {
			from = "SELECT " + j.cols.list() + " FROM " + table(j.model.Schema, j.model.Identifier)
		}
		fmt.Fprintf(&b, "\nLEFT JOIN (%s) AS %s ON %s", from, ident(j.alias), j.on)
	}
	return b.String()
}
