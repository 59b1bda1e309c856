package semantic

import (
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/project"
)

// What this file reads stands under meta, where dbt lets a project say what it
// likes: MetricFlow's YAML has no words for it.

// scope picks among rows of a table that holds figures of the platform and of
// each store: where the query asks for the entity, the rows of the one kind
// count, otherwise those of the other.
type scope struct{ dimension, entity, with, without string }

func (r *reader) scope(e *project.YAMLEntry, meta map[string]any) *scope {
	said, ok := meta["scope"].(map[string]any)
	if !ok {
		return nil
	}
	s := &scope{text(said["dimension"]), text(said["entity"]), text(said["with"]), text(said["without"])}
	if s.dimension == "" || s.entity == "" || s.with == "" || s.without == "" {
		e.Fail("config", "write scope: {dimension: …, entity: …, with: …, without: …}", "meta.scope lacks a key")
		return nil
	}
	return s
}

// state says that a measure's column holds states of an aggregate function, and
// which element of the merged result is meant.
type state struct {
	function string // quantilesExactWeightedMerge(0.5, 0.95, 0.99)
	element  int    // from 1; 0 where the result is no array
}

// period ties a measure's rows to the period that the query asks about: a
// bucket of its time grain, or its whole range.
type period struct {
	before   string // rows whose date in this column lies before the period
	after    string // rows whose date in this column lies after the period, or is null
	through  string // what the data know of ends on this day: later periods have no figure
	previous bool   // rows of the period before
}

func (p period) isZero() bool { return p == period{} }

func (r *reader) measureMeta(e *project.YAMLEntry, m *Measure) {
	if said, ok := m.Meta["state"].(map[string]any); ok {
		m.state = &state{function: text(said["merge"])}
		if n, ok := said["element"].(int64); ok {
			m.state.element = int(n)
		}
		if !strings.Contains(m.state.function, "Merge") {
			e.Fail("config", "write state: {merge: quantilesMerge(0.5, 0.95), element: 1}", "meta.state names no aggregate function that merges states")
		}
	}
	if said, ok := m.Meta["period"].(map[string]any); ok {
		m.period = period{before: text(said["before"]), after: text(said["after"]), through: text(said["through"])}
		m.period.previous, _ = said["previous"].(bool)
		for key := range said {
			if !strings.Contains(" before after through previous ", " "+key+" ") {
				e.Fail("config", "known here: after, before, previous, through", "meta.period has an unknown key %s", key)
			}
		}
	}
}

// metricMeta reads what a metric's meta says to the compiler.
func (r *reader) metricMeta(e *project.YAMLEntry, m *Metric) {
	m.Unit = text(m.Meta["unit"])
	if _, known := units[m.Unit]; !known {
		e.Fail("config", "known here: count, money, ms, rate, seconds", "meta.unit: %s is no unit", m.Unit)
	}
	m.byStore = text(m.Meta["by_store"])
	switch said := m.Meta["requires"].(type) {
	case nil:
	case string:
		m.requires = []string{said}
	case []any:
		for _, one := range said {
			m.requires = append(m.requires, fmt.Sprint(one))
		}
	}
	if m.Cumulative != nil {
		switch at := text(m.Meta["as_of"]); at {
		case "", "end":
		case "start":
			m.Cumulative.atStart = true
		default:
			e.Fail("config", "write start or end", "meta.as_of: %s is neither the period's start nor its end", at)
		}
	}
}

// units are what a metric may be counted in.
var units = map[string]bool{"": true, "count": true, "money": true, "rate": true, "ms": true, "seconds": true}
