package semantic

import (
	"fmt"
	"time"
)

// settleTime finds the grains that are asked for and moves the span of time
// out to whole periods of the coarsest.
func (c *compiler) settleTime() {
	standard := c.standardGrain()
	for i := range c.items {
		it := &c.items[i]
		if it.kind != timeItem || it.part != "" {
			continue
		}
		if it.grain == "" {
			it.grain = standard
		}
		if c.finest == "" || it.grain.finer(c.finest) {
			c.finest = it.grain
		}
		if c.coarsest == "" || c.coarsest.finer(it.grain) {
			c.coarsest = it.grain
		}
	}
	c.start, c.end = c.q.Start, c.q.End
	if c.coarsest != "" {
		if !c.start.IsZero() {
			c.start = floor(c.start, c.coarsest, c.q.weekStart())
		}
		if !c.end.IsZero() {
			c.end = ceil(c.end, c.coarsest, c.q.weekStart())
		}
	}
}

// standardGrain is what metric_time alone stands for: the finest grain that
// all the metrics know, and no finer than a day.
func (c *compiler) standardGrain() Grain {
	grain := Day
	for _, name := range c.q.Metrics {
		if g := c.man.grainOf(c.man.metrics[name], map[*Metric]bool{}); grain.finer(g) {
			grain = g
		}
	}
	return grain
}

// grainOf is the finest grain that a metric knows.
func (m *Manifest) grainOf(metric *Metric, seen map[*Metric]bool) Grain {
	if metric == nil || seen[metric] {
		return Second
	}
	seen[metric] = true
	if metric.TimeGrain != "" {
		return metric.TimeGrain
	}
	grain := Second
	coarser := func(g Grain) {
		if grain.finer(g) {
			grain = g
		}
	}
	for _, in := range metric.measures() {
		model, measure := m.measure(in.Name)
		if d := model.aggTime(measure); d != nil {
			coarser(d.Grain)
		}
	}
	for _, in := range metric.inputs() {
		coarser(m.grainOf(m.metrics[in.Name], seen))
	}
	return grain
}

// span limits the rows to those that can count in the span of time.
func (s *source) span() []string {
	if s.l.time == nil || s.l.unbounded {
		return nil
	}
	c, day := s.c, s.day()
	start, end := c.start, c.end
	if g := s.l.time.Grain; !g.finer(Week) {
		start, end = moved(start, g, floor, c), moved(end, g, ceil, c)
	}
	if s.l.previous && c.finest == "" {
		if c.start.IsZero() || c.end.IsZero() {
			return []string{"0"} // nothing comes before all time
		}
		start, end = before(c.start, c.end)
	}
	switch cum := s.l.cumulative; {
	case s.l.toGrain != "":
		start = moved(start, s.l.toGrain, floor, c)
	case cum == nil:
	case cum.GrainToDate != "":
		start = moved(start, cum.GrainToDate, floor, c)
	case !cum.Window.isZero() && !start.IsZero():
		start = cum.Window.sub(start)
	default:
		start = time.Time{}
	}
	var conds []string
	if !start.IsZero() {
		conds = append(conds, day+" >= "+date(start))
	}
	switch {
	case !end.IsZero():
		conds = append(conds, day+" < "+date(end))
	case (len(s.l.offsets) > 0 || s.l.previous && c.finest != "") && c.man.Spine != nil:
		// What is moved on must not stand where time has not come to yet.
		spine := c.man.Spine
		conds = append(conds, fmt.Sprintf("%s <= (SELECT max(%s) FROM %s)", day, ident(spine.Column), table(spine.Schema, spine.Identifier)))
	}
	return conds
}

func moved(day time.Time, g Grain, by func(time.Time, Grain, time.Weekday) time.Time, c *compiler) time.Time {
	if day.IsZero() {
		return day
	}
	return by(day, g, c.q.weekStart())
}

// sub is the day so much earlier, or some days before that where months differ
// in length: what is too much is left out later.
func (w Window) sub(day time.Time) time.Time {
	if _, ok := w.days(); ok {
		return w.from(day, -1)
	}
	return w.from(day, -1).AddDate(0, 0, -3)
}

// before is the span of the same length before [start, end): as many months
// where it is whole months, else as many days.
func before(start, end time.Time) (time.Time, time.Time) {
	if start.Day() == 1 && end.Day() == 1 {
		months := (end.Year()-start.Year())*12 + int(end.Month()-start.Month())
		return start.AddDate(0, -months, 0), start
	}
	days := int(end.Sub(start).Hours() / 24)
	return start.AddDate(0, 0, -days), start
}
