package semantic

import "github.com/tiendi/tiendi/internal/project"

// Metric is a figure with a name.
type Metric struct {
	Name, Description, Label, Type string // Type: simple, ratio, derived, cumulative or conversion
	Place                          project.Place
	Filters                        []filter
	Expr                           string
	Measure                        *MeasureInput // simple and cumulative
	Numerator, Denominator         *MetricInput
	Inputs                         []*MetricInput // derived
	Cumulative                     *Cumulative
	Conversion                     *Conversion
	TimeGrain                      Grain  // what metric_time stands for without a grain; "" for the query's finest
	Unit                           string // money, rate, count, ms, seconds; "" for a plain number
	Hidden                         bool   // made of a measure for the use of other metrics
	Meta                           map[string]any

	byStore  string   // the metric that answers where the tenant is asked for
	requires []string // what must be grouped by, or limited to one value of
}

// MeasureInput is a measure as a metric uses it.
type MeasureInput struct {
	Name, Alias string
	Filters     []filter
	JoinSpine   bool
	Fill        *int64 // in place of null

	place  project.Place
	metric bool // Name is that of a simple metric
}

// isMetric notes that the input was written as a metric's name.
func (m *MeasureInput) isMetric() {
	if m != nil {
		m.metric = true
	}
}

// MetricInput is a metric as another one uses it.
type MetricInput struct {
	Name, Alias   string
	Filters       []filter
	OffsetWindow  Window
	OffsetToGrain Grain
	place         project.Place
}

func (m *MetricInput) alias() string {
	if m.Alias != "" {
		return m.Alias
	}
	return m.Name
}

// Cumulative is a metric over all time up to each day, over a window that ends
// with it, or since the period began.
type Cumulative struct {
	Window      Window
	GrainToDate Grain
	PeriodAgg   string // which day answers for a longer period: first, last or average
	atStart     bool   // up to where the period begins, instead of to a day in it
}

// Conversion counts the base events that a conversion event follows.
type Conversion struct {
	Base, Converted *MeasureInput
	Entity          string
	Calculation     string // conversion_rate or conversions
	Window          Window // zero: any time later
	Constants       []ConstantProperty
}

// ConstantProperty is what a base event and its conversion must have in common.
type ConstantProperty struct{ Base, Converted string }

// SavedQuery is a query with a name.
type SavedQuery struct {
	Name, Description, Label string
	Place                    project.Place
	Metrics, GroupBy, Where  []string
	OrderBy                  []string
	Limit                    int
	Exports                  []any
	filters                  []filter
}

// filter is a condition of the project, which may hold any SQL.
type filter struct {
	text  string
	cond  *condition
	place project.Place
}

// Metric finds a metric by name; nil when there is none.
func (m *Manifest) Metric(name string) *Metric { return m.metrics[name] }

// SavedQuery finds a saved query by name; nil when there is none.
func (m *Manifest) SavedQuery(name string) *SavedQuery { return m.saved[name] }
