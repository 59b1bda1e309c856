package semantic

import "time"

// Query is what somebody wants to know.
type Query struct {
	Metrics []string
	GroupBy []string // store__city, metric_time__day, store
	// Where are conditions that must all hold: store__city = 'Lima', or with
	// references in MetricFlow's braces. They are parsed, never passed on.
	Where []string
	// Start and End bound metric_time: days (midnight UTC stands for the day),
	// End not included. Zero is no bound. Where time is grouped by, they are
	// moved out to whole periods.
	Start, End time.Time
	OrderBy    []string // names of the result's columns, with - in front for the largest first
	Limit      int      // 0: no limit
	Saved      string   // a saved query, to which the rest adds
	// TimeZone is where days are cut, "" for the platform's; another one only
	// where a model keeps moments.
	TimeZone string
	// WeekStart is the first day of a week. Nil: Monday.
	WeekStart *time.Weekday
	Compare   Comparison
	// Sparse leaves out the periods in which nothing happened, which otherwise
	// show counts of 0, for every combination of the other dimensions that occurs.
	Sparse bool
	// Stores limits everything that is read to these stores: nil for the whole
	// platform, empty for nothing at all.
	Stores []string
}

// Comparison is with which time the metrics stand beside their values.
type Comparison string

// The comparisons.
const (
	PreviousPeriod Comparison = "previous_period"
	PreviousYear   Comparison = "previous_year"
)

// Statement is a query as SQL.
type Statement struct {
	SQL     string
	Columns []Column
}

// ColumnKind says what a column of an answer is.
type ColumnKind string

// The kinds of columns.
const (
	GroupColumn    ColumnKind = "group"
	TimeColumn     ColumnKind = "time"
	MetricColumn   ColumnKind = "metric"
	PreviousColumn ColumnKind = "previous" // the metric's value in the time compared with
	ChangeColumn   ColumnKind = "change"   // of a rate the difference, of all else the share of the previous value
)

// Column is one column of an answer. Unit is the metric's, Grain the time's.
type Column struct {
	Name   string
	Kind   ColumnKind
	Metric string
	Unit   string
	Grain  Grain
}

func (q Query) weekStart() time.Weekday {
	if q.WeekStart == nil {
		return time.Monday
	}
	return *q.WeekStart
}
