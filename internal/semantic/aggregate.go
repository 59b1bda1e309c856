package semantic

import (
	"fmt"
	"strconv"
	"strings"
)

// function is a ClickHouse aggregate function with its parameters.
type function struct{ name, params string }

// functionOf gives the function of a measure. Nothing aggregates to null, and
// to 0 where it is counted.
func functionOf(m *Measure) function {
	share := "(" + strconv.FormatFloat(m.Percentile, 'g', -1, 64) + ")"
	switch {
	case m.Agg == "count":
		return function{"count", ""}
	case m.Agg == "count_distinct":
		return function{"uniqExact", ""}
	case m.Agg == "sum_boolean":
		return function{"sumOrNull", ""}
	case m.Agg == "percentile" && m.Approximate:
		return function{"quantileTDigestOrNull", share}
	case m.Agg == "percentile" && m.Discrete:
		return function{"quantileExactWeightedOrNull", share}
	case m.Agg == "percentile" || m.Agg == "median":
		return function{"quantileExactInclusiveOrNull", share}
	}
	return function{m.Agg + "OrNull", ""}
}

// call applies the function, or one of its combinators: State, Merge.
func (f function) call(combinator, args string) string {
	return f.name + combinator + f.params + "(" + args + ")"
}

// aggregated gives the SQL of an aggregation over the source's rows.
func (s *source) aggregated(a aggregate, combinator string) string {
	m := a.measure
	arg := "base." + ident(s.base.add("m_"+m.Name, m.Expr))
	if m.Agg == "sum_boolean" {
		arg = "if(" + arg + ", 1, 0)"
	}
	cond := s.inPeriod(m.period)
	if m.state != nil {
		return merged(m.state, arg, cond)
	}
	if cond != "" {
		arg = "if(" + cond + ", " + arg + ", NULL)"
	}
	if m.Discrete && !m.Approximate && m.Agg == "percentile" {
		arg += ", 1"
	}
	return functionOf(m).call(combinator, arg)
}

// merged puts states together; of none there is no figure.
func merged(st *state, arg, cond string) string {
	name, params, _ := strings.Cut(st.function, "(")
	count := "count()"
	if cond != "" {
		name, arg, count = name+"If", arg+", "+cond, "countIf("+cond+")"
	}
	if params != "" {
		params = "(" + params
	}
	sql := name + params + "(" + arg + ")"
	if st.element > 0 {
		sql += "[" + strconv.Itoa(st.element) + "]"
	}
	return "if(" + count + " = 0, NULL, " + sql + ")"
}

// inPeriod ties rows to the period that a figure is about; "" where all count.
func (s *source) inPeriod(p period) string {
	if p.isZero() {
		return ""
	}
	begin, end := "", ""
	if g := s.c.finest; g != "" {
		begin = bucket(s.dayColumn(), g, s.c.q.weekStart())
		end = next(begin, g)
	} else {
		if !s.c.start.IsZero() {
			begin = date(s.c.start)
		}
		if !s.c.end.IsZero() {
			end = date(s.c.end)
		}
	}
	column := func(name string) string {
		return "base." + ident(s.base.add("p_"+name, "toDate("+ident(name)+", "+literal(s.c.zone)+")"))
	}
	var conds []string
	switch {
	case p.before != "" && begin == "":
		conds = append(conds, "0") // all time has nothing before it
	case p.before != "":
		conds = append(conds, column(p.before)+" < "+begin)
	}
	switch {
	case p.after != "" && end == "":
		conds = append(conds, column(p.after)+" IS NULL")
	case p.after != "":
		conds = append(conds, fmt.Sprintf("(%[1]s IS NULL OR %[1]s >= %[2]s)", column(p.after), end))
	}
	if p.through != "" && begin != "" {
		conds = append(conds, begin+" <= "+column(p.through))
	}
	return strings.Join(conds, " AND ")
}
