package semantic

import "slices"

// leaf is one aggregation of one model's rows: measures that need the same
// rows and are grouped alike.
type leaf struct {
	asked       string // the query's metric, for messages
	model       *Model
	time        *Dimension
	conds       []*condition
	offsets     []Window
	toGrain     Grain
	cumulative  *Cumulative
	nonAdditive *NonAdditive
	previous    bool
	conversion  *Conversion // of those that count conversions
	converted   *leaf       // the events that follow the base events
	unbounded   bool        // not limited to the span of time
	columns     []aggregate
}

// aggregate is a column of a leaf.
type aggregate struct {
	name    string
	measure *Measure
}

// same says whether two leaves aggregate the same rows alike.
func (l *leaf) same(o *leaf) bool {
	return l.model == o.model && l.time == o.time && l.toGrain == o.toGrain && l.previous == o.previous &&
		l.conversion == o.conversion && slices.Equal(l.offsets, o.offsets) && slices.Equal(l.conds, o.conds) &&
		l.cumulative.same(o.cumulative) && l.nonAdditive.same(o.nonAdditive)
}

func (c *Cumulative) same(o *Cumulative) bool {
	return c == nil && o == nil || c != nil && o != nil && *c == *o
}

func (n *NonAdditive) same(o *NonAdditive) bool {
	return n == nil && o == nil || n != nil && o != nil && n.Dimension == o.Dimension && n.Choice == o.Choice && slices.Equal(n.Groupings, o.Groupings)
}

// exploded says whether a row counts in other periods than its own.
func (l *leaf) exploded() bool { return l.cumulative != nil || l.toGrain != "" }

// possible refuses what cannot be computed, or would mean something else.
func (l *leaf) possible(c *compiler, m *Measure) error {
	timed := c.finest != "" || !c.start.IsZero() || !c.end.IsZero()
	switch {
	case l.time == nil && (timed || l.exploded()):
		return wrong("", "measure %s has no time: it cannot be asked over time", m.Name)
	case l.exploded() && c.man.Spine == nil:
		return wrong("give the model of days a time_spine: in its properties", "measure %s is counted up over time, which needs a time spine", m.Name)
	case l.exploded() && (m.state != nil || l.nonAdditive != nil || !m.period.isZero()):
		return wrong("", "measure %s cannot be counted up over time", m.Name)
	case l.exploded() && c.finest == "" && slices.ContainsFunc(c.items, func(it item) bool { return it.kind == timeItem }):
		return wrong("group by metric_time as well", "measure %s is counted up over time, which parts of dates do not tell", m.Name)
	case (l.exploded() || !m.period.isZero()) && c.finest != "" && c.finest.finer(Day):
		return wrong("ask by day or coarser", "measure %s is not known by %s", m.Name, c.finest)
	case l.time != nil && c.q.TimeZone != "" && c.q.TimeZone != firstOf(c.man.options.TimeZone, "UTC") && !l.time.Grain.finer(Day):
		return wrong("leave the time zone out", "measure %s is kept by days of %s, which cannot be cut in %s", m.Name, firstOf(c.man.options.TimeZone, "UTC"), c.zone)
	}
	if c.finest != "" && c.finest.finer(Month) && slices.ContainsFunc(l.offsets, func(w Window) bool { return w.months() > 0 }) {
		return wrong("ask by month or coarser, or offset it by days", "metric %s is offset by months, and not all days have one a month before", l.asked)
	}
	if c.finest != "" && c.finest.finer(l.time.Grain) {
		return wrong("ask by "+string(l.time.Grain)+" or coarser", "measure %s is kept by %s: it cannot be asked by %s", m.Name, l.time.Grain, c.finest)
	}
	return nil
}
