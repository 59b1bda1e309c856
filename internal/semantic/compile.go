package semantic

import (
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/spelling"
)

// Bounds of a query.
const (
	maxMetrics    = 100
	maxGroupBy    = 20
	maxConditions = 50
	maxStores     = 10_000
	maxNesting    = 20      // metrics made of metrics made of metrics
	maxLeaves     = 200     // aggregations of one query
	maxExprBytes  = 100_000 // of one metric's SQL
	maxUses       = 2000    // metrics, those that metrics are made of each time counted
	maxSQLBytes   = 4 << 20 // of a query: a store's id takes 39 in each aggregation
)

// compiler is one query on its way to SQL.
type compiler struct {
	man   *Manifest
	q     Query
	zone  string
	items []item
	where []*condition
	saved []filter // a saved query's own conditions

	finest, coarsest Grain // of metric_time among the items; "" without it
	start, end       time.Time
	leaves           []*leaf
	names            map[string]bool // of columns taken
	spine            bool            // empty periods are asked for
	uses             *int            // of metrics so far, those in conditions included
	depth            int             // of metrics in conditions of metrics
}

// Compile turns a query into SQL. What is wrong with the query is said with
// what to write instead.
func (m *Manifest) Compile(q Query) (Statement, error) {
	return m.compiler(q).compile()
}

func (m *Manifest) compiler(q Query) *compiler { return &compiler{man: m, q: q, uses: new(int)} }

func (c *compiler) compile() (Statement, error) {
	if err := c.prepare(); err != nil {
		return Statement{}, err
	}
	if len(c.q.Metrics) == 0 {
		return c.values()
	}
	if c.q.Compare != "" {
		return c.compared()
	}
	body, columns, err := c.body()
	if err != nil {
		return Statement{}, err
	}
	return c.finish(body+c.fromFirst(), columns)
}

// prepare reads the names and conditions and settles the span of time.
func (c *compiler) prepare() error {
	if err := c.takeSaved(); err != nil {
		return err
	}
	if err := c.bounded(); err != nil {
		return err
	}
	c.zone = firstOf(c.q.TimeZone, c.man.options.TimeZone, "UTC")
	if c.zone != c.man.options.TimeZone { // that one is known to be there
		if _, err := time.LoadLocation(c.zone); err != nil || c.zone == "Local" {
			return wrong("name it as in America/Lima", "there is no time zone %q", c.zone)
		}
	}
	seen := map[string]bool{}
	for _, name := range c.q.GroupBy {
		it, err := parseItem(strings.TrimSpace(name))
		if err != nil {
			return err
		}
		if seen[it.name] {
			continue
		}
		seen[it.name] = true
		c.items = append(c.items, it)
	}
	for _, text := range c.q.Where {
		conds, err := parseExpression(text)
		if err != nil {
			return err
		}
		c.where = append(c.where, conds...)
	}
	if err := c.metricsKnown(); err != nil {
		return err
	}
	c.settleTime()
	return nil
}

func (c *compiler) bounded() error {
	for _, one := range []struct {
		n, most int
		what    string
	}{
		{len(c.q.Metrics), maxMetrics, "metrics"}, {len(c.q.GroupBy), maxGroupBy, "dimensions"},
		{len(c.q.Where), maxConditions, "conditions"}, {len(c.q.Stores), maxStores, "stores"},
	} {
		if one.n > one.most {
			return wrong("ask for them in several queries", "%d %s are more than the %d that one query takes", one.n, one.what, one.most)
		}
	}
	if len(c.q.Metrics) == 0 && len(c.q.GroupBy) == 0 {
		return wrong("name metrics, as in --metrics gmv,orders", "the query asks for nothing")
	}
	if c.q.Limit < 0 {
		return wrong("", "a limit of %d is none", c.q.Limit)
	}
	if !c.q.Start.IsZero() && !c.q.End.IsZero() && !c.q.Start.Before(c.q.End) {
		return wrong("", "the span of time ends at %s, before it begins at %s", c.q.End.Format(time.DateOnly), c.q.Start.Format(time.DateOnly))
	}
	return nil
}

func (c *compiler) metricsKnown() error {
	seen := map[string]bool{}
	var names []string
	for _, name := range c.q.Metrics {
		name = strings.TrimSpace(name)
		if c.man.metrics[name] == nil {
			return wrong(spelling.Suggest(name, c.man.metricNames()), "there is no metric %s", firstOf(excerpt(name), `""`))
		}
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	c.q.Metrics = names
	for _, it := range c.items {
		if seen[it.name] {
			return wrong("rename the metric", "%s is a metric and an entity, and an answer has one column of a name", it.name)
		}
	}
	return nil
}
