package semantic

import (
	"slices"
	"strings"
)

// usage is how a metric comes to be used: with the conditions and offsets of
// the metrics above it.
type usage struct {
	asked   string // the metric of the query
	conds   []*condition
	offsets []Window
	toGrain Grain
	depth   int
}

// expr gives a metric as SQL over the columns of the aggregations that it
// needs, which are noted on the way.
func (c *compiler) expr(m *Metric, u usage) (string, error) {
	if *c.uses++; u.depth > maxNesting || *c.uses > maxUses {
		return "", wrong("", "metric %s is made of too many metrics", m.Name)
	}
	if err := c.required(m, u); err != nil {
		return "", err
	}
	if m.byStore != "" && c.asks(c.man.options.Tenant, append(c.conditions(), u.conds...)) {
		m = c.man.metrics[m.byStore]
	}
	for _, f := range m.Filters {
		u.conds = append(u.conds[:len(u.conds):len(u.conds)], f.cond)
	}
	u.depth++
	switch m.Type {
	case "ratio":
		n, err := c.inputExpr(m.Numerator, u)
		if err != nil {
			return "", err
		}
		d, err := c.inputExpr(m.Denominator, u)
		return "toFloat64(" + n + ") / nullIf(toFloat64(" + d + "), 0)", err
	case "derived":
		return c.derivedExpr(m, u)
	case "conversion":
		return c.conversionExpr(m, u)
	}
	return c.measureExpr(m, u)
}

// required refuses a figure that means nothing without one of some dimensions.
func (c *compiler) required(m *Metric, u usage) error {
	conds := append(c.conditions(), u.conds...)
	for _, name := range m.requires {
		same := func(it item) bool { return it.name == name }
		if name == c.man.options.Tenant && c.asks(name, conds) || slices.ContainsFunc(c.items, same) ||
			slices.ContainsFunc(conds, func(cond *condition) bool { return slices.ContainsFunc(cond.items(), same) }) {
			return nil
		}
	}
	if len(m.requires) == 0 {
		return nil
	}
	return wrong("add it to the dimensions, or take one value of it with a condition", "metric %s is asked by %s", m.Name, strings.Join(m.requires, " or "))
}

func (c *compiler) inputExpr(in *MetricInput, u usage) (string, error) {
	for _, f := range in.Filters {
		u.conds = append(u.conds[:len(u.conds):len(u.conds)], f.cond)
	}
	if !in.OffsetWindow.isZero() {
		u.offsets = append(u.offsets[:len(u.offsets):len(u.offsets)], in.OffsetWindow)
	}
	if in.OffsetToGrain != "" {
		u.toGrain = in.OffsetToGrain
	}
	if (len(u.offsets) > 0 && c.start.IsZero() || u.toGrain != "") && c.finest == "" {
		return "", wrong("add metric_time to the dimensions, or say which span of time",
			"metric %s is offset in time, which needs a time to be offset from", in.alias())
	}
	return c.expr(c.man.metrics[in.Name], u)
}

func (c *compiler) derivedExpr(m *Metric, u usage) (string, error) {
	inputs := map[string]string{}
	for _, in := range m.Inputs {
		sql, err := c.inputExpr(in, u)
		if err != nil {
			return "", err
		}
		inputs[in.alias()] = "(" + sql + ")"
	}
	sql := replaceNames(m.Expr, inputs)
	if len(sql) > maxExprBytes {
		return "", wrong("", "metric %s comes to more than %d bytes of SQL", m.Name, maxExprBytes)
	}
	return sql, nil
}

// replaceNames puts SQL in the place of names in an expression, but not within
// quotes.
func replaceNames(expr string, by map[string]string) string {
	var b strings.Builder
	for i := 0; i < len(expr); {
		if q := expr[i]; q == '\'' || q == '"' || q == '`' {
			n := quotedLength(expr[i:])
			if n < 0 {
				n = len(expr) - i
			}
			b.WriteString(expr[i : i+n])
			i += n
			continue
		}
		n := 0
		for i+n < len(expr) && wordByte(expr[i+n]) {
			n++
		}
		if n == 0 {
			b.WriteByte(expr[i])
			i++
			continue
		}
		word := expr[i : i+n]
		if sql, ok := by[word]; ok {
			word = sql
		}
		b.WriteString(word)
		i += n
	}
	return b.String()
}

func wordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
