package semantic

import (
	"slices"

	"github.com/tiendi/tiendi/internal/spelling"
)

// Offered is something that metrics can be grouped and filtered by.
type Offered struct {
	Name        string
	Type        string // time, categorical or entity
	Grain       Grain  // of times, the finest
	Description string
}

// Offered lists what all of these metrics can be grouped by, by name; of no
// metrics, what any model offers.
func (m *Manifest) Offered(metrics ...string) ([]Offered, error) {
	var names map[string]Offered
	for _, name := range metrics {
		metric := m.metrics[name]
		if metric == nil {
			return nil, wrong(spelling.Suggest(name, m.metricNames()), "there is no metric %s", excerpt(name))
		}
		for _, model := range m.modelsOf(metric, map[*Metric]bool{}) {
			names = common(names, m.offers(model))
		}
	}
	if len(metrics) == 0 {
		names = map[string]Offered{}
		for _, model := range m.Models {
			for name, one := range m.offers(model) {
				names[name] = one
			}
		}
	} else {
		c := m.compiler(Query{Metrics: metrics})
		names[metricTime] = Offered{metricTime, "time", c.standardGrain(), "Time of the metrics."}
	}
	var list []Offered
	for _, name := range sorted(names) {
		list = append(list, names[name])
	}
	return list, nil
}

// common keeps what both offer; nil offers everything.
func common(a, b map[string]Offered) map[string]Offered {
	if a == nil {
		return b
	}
	both := map[string]Offered{}
	for name, one := range a {
		if _, ok := b[name]; ok {
			both[name] = one
		}
	}
	return both
}

// modelsOf are the models that a metric is counted from.
func (m *Manifest) modelsOf(metric *Metric, seen map[*Metric]bool) []*Model {
	if metric == nil || seen[metric] {
		return nil
	}
	seen[metric] = true
	var models []*Model
	for _, in := range metric.measures() {
		if model, _ := m.measure(in.Name); !slices.Contains(models, model) {
			models = append(models, model)
		}
	}
	for _, in := range metric.inputs() {
		models = append(models, m.modelsOf(m.metrics[in.Name], seen)...)
	}
	return models
}

// offers describes what a model's figures can be grouped by.
func (m *Manifest) offers(model *Model) map[string]Offered {
	list := map[string]Offered{}
	for _, name := range m.offered(model) {
		it, err := parseItem(name)
		if err != nil {
			continue
		}
		f, err := m.find(model, it)
		switch {
		case err != nil:
		case f.entity != nil:
			list[name] = Offered{name, "entity", "", f.entity.Description}
		default:
			list[name] = Offered{name, f.dimension.Type, f.dimension.Grain, f.dimension.Description}
		}
	}
	return list
}

// maxDepth is how many joins away offered dimensions are listed.
const maxDepth = 2

// offered lists what a model's figures can be grouped by, by name.
func (m *Manifest) offered(from *Model) []string {
	names := map[string]bool{}
	for _, key := range from.keys() {
		for _, d := range from.Dimensions {
			if from.scope == nil || d.Name != from.scope.dimension {
				names[key+"__"+d.Name] = true
			}
		}
	}
	m.offer(names, from, "", nil)
	return sorted(names)
}

func (m *Manifest) offer(names map[string]bool, from *Model, prefix string, steps []step) {
	for _, e := range from.Entities {
		if prefix == "" {
			names[e.Name] = true
		}
		for _, to := range m.Models {
			other := to.entity(e.Name)
			if to == from || other == nil || other.Type == "foreign" || visited(steps, to) || len(steps) == maxDepth {
				continue
			}
			for _, d := range to.Dimensions {
				names[prefix+e.Name+"__"+d.Name] = true
			}
			m.offer(names, to, prefix+e.Name+"__", append(steps[:len(steps):len(steps)], step{e.Name, to}))
		}
	}
}
