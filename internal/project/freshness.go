package project

import (
	"fmt"

	"github.com/tiendi/tiendi/internal/spelling"
)

// limits is freshness: as one level writes it. Levels merge key by key; a
// null takes away what the levels above say.
type limits struct {
	null                bool
	warnNull, errorNull bool
	warn, err           limit
	filter              string
}

type limit struct {
	count  *int
	period string
}

func (l limit) set() bool { return l.count != nil && l.period != "" }

// over lays l over base, half a limit at a time.
func (l limit) over(base limit) limit {
	if l.count == nil {
		l.count = base.count
	}
	if l.period == "" {
		l.period = base.period
	}
	return l
}

func (l limits) set() bool { return !l.null && (l.warn.set() || l.err.set()) }

// over lays one level over what the levels above came to.
func (l limits) over(base limits) limits {
	switch {
	case l.null:
		return limits{null: true}
	case base.null && l.set():
		return l
	case base.null:
		return limits{null: true}
	}
	out := l
	out.warn, out.err = layered(l.warn, base.warn, l.warnNull), layered(l.err, base.err, l.errorNull)
	if l.filter == "" {
		out.filter = base.filter
	}
	return out
}

func layered(l, base limit, null bool) limit {
	switch {
	case null:
		return limit{}
	case l.set() && base.set():
		return l.over(base)
	case l.set():
		return l
	}
	return base
}

// sourceFreshness merges freshness of the source, its config, the table and
// its config, and puts what holds into config; nothing where none is said.
func (p *propertiesReader) sourceFreshness(f, t *fields, config map[string]any) {
	var all limits
	for _, level := range []*fields{f, t} {
		all = p.limits(level, level.entries).over(all)
		if c := level.find("config"); c != nil {
			all = p.limits(level, entriesOf(c)).over(all)
		}
	}
	delete(config, "freshness")
	switch {
	case all.null:
		config["freshness"] = nil
	case all.set():
		config["freshness"] = all.plain()
	}
}

func (l limits) plain() map[string]any {
	m := map[string]any{}
	for key, one := range map[string]limit{"warn_after": l.warn, "error_after": l.err} {
		if one.set() {
			m[key] = map[string]any{"count": int64(*one.count), "period": one.period}
		}
	}
	if l.filter != "" {
		m["filter"] = l.filter
	}
	return m
}

// limits reads freshness: of one level.
func (p *propertiesReader) limits(level *fields, entries []entry) limits {
	holder := &fields{doc: p.doc, what: level.what, entries: entries}
	n := holder.find("freshness")
	if n == nil {
		return limits{null: holder.has("freshness")}
	}
	f := p.doc.fields(n, level.what+": freshness")
	if f == nil {
		return limits{}
	}
	f.known(true, "warn_after", "error_after", "filter")
	return limits{
		warn: p.limit(f, "warn_after"), err: p.limit(f, "error_after"), filter: f.text("filter"),
		warnNull: f.has("warn_after") && f.find("warn_after") == nil, errorNull: f.has("error_after") && f.find("error_after") == nil,
	}
}

func (p *propertiesReader) limit(f *fields, key string) limit {
	n := f.find(key)
	if n == nil {
		return limit{}
	}
	one := p.doc.fields(n, f.what+": "+key)
	if one == nil {
		return limit{}
	}
	one.known(true, "count", "period")
	before := len(p.doc.problems)
	l := limit{period: one.text("period")}
	if one.find("count") != nil {
		count := one.count("count")
		l.count = &count
	}
	if l.period != "" && !contains(periods, l.period) {
		p.doc.problem(one.find("period"), spelling.Suggest(l.period, periods), "%s has an unknown period %s", one.what, l.period)
	}
	if len(p.doc.problems) > before {
		return limit{}
	}
	return l
}

var periods = []string{"minute", "hour", "day"}

// freshnessOf reads freshness as it stands in a source's settled
// configuration; nil when there is no limit.
func freshnessOf(config map[string]any) (*Freshness, error) {
	m := asMap(config["freshness"])
	if len(m) == 0 {
		return nil, nil
	}
	var out Freshness
	for key, to := range map[string]*Threshold{"warn_after": &out.WarnAfter, "error_after": &out.ErrorAfter} {
		one := asMap(m[key])
		if one == nil {
			continue
		}
		count, isCount := one["count"].(int64)
		period, _ := one["period"].(string)
		if !isCount || !contains(periods, period) {
			return nil, fmt.Errorf("%s needs a count and a period (minute, hour, day)", key)
		}
		*to = Threshold{Count: int(count), Period: period}
	}
	out.Filter, _ = m["filter"].(string)
	if out.WarnAfter == (Threshold{}) && out.ErrorAfter == (Threshold{}) {
		return nil, nil
	}
	return &out, nil
}
