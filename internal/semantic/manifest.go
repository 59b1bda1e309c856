package semantic

import (
	"slices"

	"github.com/tiendi/tiendi/internal/project"
)

// Manifest is everything that metrics are computed from. It is not changed
// after Load, so it may be used from any number of goroutines.
type Manifest struct {
	Models       []*Model // by name
	Metrics      []*Metric
	SavedQueries []*SavedQuery
	Spine        *Spine // nil without a time spine of days

	models  map[string]*Model
	metrics map[string]*Metric
	saved   map[string]*SavedQuery
	options Options
}

// Options is what compiling depends on besides the files.
type Options struct {
	// TimeZone is the platform's, by IANA name: days are days there.
	TimeZone string
	// Tenant is the entity that Query.Stores limits: "store".
	Tenant string
}

// Model is a semantic model: a table with keys, dimensions and measures.
type Model struct {
	Name, Description, Label string
	Place                    project.Place
	Ref                      project.Ref // the dbt model that it is made of
	Schema, Identifier       string      // where that is built
	PrimaryEntity            string      // of a model whose key is no column
	AggTime                  string      // the measures' time dimension, unless they name another
	Entities                 []*Entity
	Dimensions               []*Dimension
	Measures                 []*Measure
	Meta                     map[string]any

	scope *scope
}

// Entity is a key: what one model's rows have in common with another's.
type Entity struct {
	Name, Type, Description, Label, Expr string // Type: primary, unique, foreign or natural
	Place                                project.Place
	Meta                                 map[string]any
}

// unique says whether each value of the key stands in one row only.
func (e *Entity) unique() bool { return e.Type == "primary" || e.Type == "unique" }

// Dimension is a column to group and filter by.
type Dimension struct {
	Name, Type, Description, Label, Expr string // Type: categorical or time
	Grain                                Grain  // of time dimensions
	Partition                            bool
	ValidFrom, ValidTo                   bool // bounds of a row's validity (slowly changing dimensions)
	Place                                project.Place
	Meta                                 map[string]any
}

// Measure is an aggregation of a model's rows.
type Measure struct {
	Name, Description, Label, Agg, Expr string
	AggTime                             string // "" for the model's
	Percentile                          float64
	Discrete, Approximate               bool // of percentiles
	NonAdditive                         *NonAdditive
	CreateMetric                        bool
	Place                               project.Place
	Meta                                map[string]any

	state  *state
	period period
}

// NonAdditive says over which time a measure must not be summed: the rows of
// the first or last time in a period count, of each of the groupings.
type NonAdditive struct {
	Dimension, Choice string // Choice: min or max
	Groupings         []string
}

// Spine is a table with a row for every day.
type Spine struct {
	Ref                        project.Ref
	Schema, Identifier, Column string
	Place                      project.Place
}

// TimeZone is the platform's.
func (m *Manifest) TimeZone() string { return m.options.TimeZone }

func (m *Manifest) metricNames() []string {
	var names []string
	for _, metric := range m.Metrics {
		if !metric.Hidden {
			names = append(names, metric.Name)
		}
	}
	return names
}

func (m *Model) entity(name string) *Entity {
	for _, e := range m.Entities {
		if e.Name == name {
			return e
		}
	}
	return nil
}

func (m *Model) dimension(name string) *Dimension {
	for _, d := range m.Dimensions {
		if d.Name == name {
			return d
		}
	}
	return nil
}

func (m *Model) measure(name string) *Measure {
	for _, one := range m.Measures {
		if one.Name == name {
			return one
		}
	}
	return nil
}

// aggTime is the dimension that says when a measure's rows happened.
func (m *Model) aggTime(measure *Measure) *Dimension {
	if measure.AggTime != "" {
		return m.dimension(measure.AggTime)
	}
	return m.dimension(m.AggTime)
}

// keys are the entities by which the model's own dimensions are called.
func (m *Model) keys() []string {
	var names []string
	if m.PrimaryEntity != "" {
		names = append(names, m.PrimaryEntity)
	}
	for _, e := range m.Entities {
		if e.Type != "foreign" && !slices.Contains(names, e.Name) {
			names = append(names, e.Name)
		}
	}
	return names
}

func (m *Model) calls(entity string) bool { return slices.Contains(m.keys(), entity) }
