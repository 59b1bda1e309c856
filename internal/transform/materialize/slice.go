package materialize

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/lazyregexp"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// Slice is a stretch of event time, half open, in UTC.
type Slice struct{ Start, End time.Time }

// maxSlices bounds a run of one model: 11 years of hours.
const maxSlices = 100_000

// Slices plans the batches of a microbatch model as dbt does: from begin for
// a new table, from lookback batches before the last one for one that is
// there; from and until, where set, win over both.
func (s Spec) Slices(now time.Time, exists bool, from, until time.Time) ([]Slice, error) {
	end := s.ceiling(now)
	if !until.IsZero() {
		end = s.ceiling(until)
	}
	var start time.Time
	switch {
	case !from.IsZero():
		start = s.truncate(from)
	case exists: // end lies between two batches
		start = s.offset(end, -s.Lookback-1)
	default:
		begin, err := parseBegin(s.Begin)
		if err != nil {
			return nil, err
		}
		start = s.truncate(begin)
	}
	out := []Slice{{start, s.offset(start, 1)}}
	for last := out[0]; last.End.Before(end); out = append(out, last) {
		last = Slice{last.End, s.offset(last.End, 1)}
		if len(out) == maxSlices {
			return nil, fmt.Errorf("more than %d batches of one %s from %s: give a later begin or a larger batch_size",
				maxSlices, s.BatchSize, start.Format(time.DateOnly))
		}
	}
	out[len(out)-1].End = end
	if !start.Before(end) {
		return nil, fmt.Errorf("the event time to build begins at %s and ends at %s", start.Format(time.RFC3339), end.Format(time.RFC3339))
	}
	return out, nil
}

func parseBegin(text string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02 15:04:05Z07:00", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC(), nil
		}
	}
	return time.Time{}, fmt.Errorf("begin %q is not a date or time: write it as 2024-01-31", text)
}

func (s Spec) truncate(t time.Time) time.Time {
	t = t.UTC()
	switch s.BatchSize {
	case "hour":
		return t.Truncate(time.Hour)
	case "month":
		return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
	case "year":
		return time.Date(t.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	}
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
}

func (s Spec) ceiling(t time.Time) time.Time {
	if floor := s.truncate(t); !floor.Equal(t) {
		return s.offset(floor, 1)
	}
	return t.UTC()
}

// offset counts batches from the one that t lies in.
func (s Spec) offset(t time.Time, n int) time.Time {
	t = s.truncate(t)
	switch s.BatchSize {
	case "hour":
		return t.Add(time.Duration(n) * time.Hour)
	case "month":
		return t.AddDate(0, n, 0)
	case "year":
		return t.AddDate(n, 0, 0)
	}
	return t.AddDate(0, 0, n)
}

// eventType is the type of the event time column in the target.
func (r Request) eventType() string {
	for _, c := range r.Existing.Columns {
		if c.Name == r.Spec.EventTime {
			t := c.Type
			for _, wrapper := range []string{"LowCardinality(", "Nullable("} {
				if strings.HasPrefix(t, wrapper) {
					t = strings.TrimSuffix(strings.TrimPrefix(t, wrapper), ")")
				}
			}
			return t
		}
	}
	return ""
}

// instant prints a time to be compared with the event time column.
func (r Request) instant(t time.Time) string {
	if r.Spec.Zone != nil {
		return warehouse.Instant(t, r.Spec.Zone)
	}
	if strings.HasPrefix(r.eventType(), "Date32") || r.eventType() == "Date" {
		return fmt.Sprintf("toDate32('%s')", t.UTC().Format(time.DateOnly))
	}
	return fmt.Sprintf("toDateTime64('%s', 6, 'UTC')", t.UTC().Format("2006-01-02 15:04:05.000000"))
}

// zone names the time zone of days.
func (s Spec) zone() string {
	if s.Zone == nil {
		return "UTC"
	}
	return s.Zone.String()
}

// within is the condition of rows in any of the slices.
func (r Request) within(of []Slice) string {
	column := warehouse.Ident(r.Spec.EventTime)
	var ranges []string
	for _, s := range joined(of) {
		ranges = append(ranges, fmt.Sprintf("(%s >= %s AND %s < %s)", column, r.instant(s.Start), column, r.instant(s.End)))
	}
	condition := strings.Join(ranges, " OR ")
	if len(ranges) > 1 {
		condition = "(" + condition + ")"
	}
	return strings.Join(append([]string{condition}, r.Spec.Predicates...), " AND ")
}

// joined merges neighbouring slices.
func joined(of []Slice) []Slice {
	sorted := slices.SortedFunc(slices.Values(of), func(a, b Slice) int { return a.Start.Compare(b.Start) })
	var out []Slice
	for _, s := range sorted {
		if n := len(out); n > 0 && out[n-1].End.Equal(s.Start) {
			out[n-1].End = s.End
			continue
		}
		out = append(out, s)
	}
	return out
}

// timeKey matches partition keys that grow with one column: slices of that
// column then lie in a range of partitions.
var timeKey = lazyregexp.New("^(?:toYYYYMM|toYYYYMMDD|toDate|toDate32|toMonday|toYear|toStartOf(?:Month|Year|Quarter|Day|Hour))\\(`?(\\w+)`?(?:, '[\\w/+-]+')?\\)$|^`?(\\w+)`?$")

// bare is a key without the parentheses around it, which the server keeps.
func bare(key string) string {
	inner, opened := strings.CutPrefix(key, "(")
	inner, closed := strings.CutSuffix(inner, ")")
	if !opened || !closed {
		return key
	}
	return inner
}

// Span is where a slice begins and ends among the target's partitions.
type Span struct {
	Before, First, Last, After string // partition ids: just before, first, last, just after
}

// Spans asks in which partitions the slices lie; nil where the partition key
// does not tell.
func Spans(ctx context.Context, w Warehouse, r Request, of []Slice) ([]Span, error) {
	m := timeKey().FindStringSubmatch(bare(r.Existing.PartitionKey))
	kind := r.eventType()
	if !r.Existing.MergeTree() || m == nil || m[1]+m[2] != r.Spec.EventTime || !strings.HasPrefix(kind, "Date") {
		return nil, nil
	}
	points := newPoints(of)
	sql := fmt.Sprintf("SELECT partitionId(%s) FROM (SELECT n, CAST(toTimeZone(toDateTime64(p, 3, 'UTC'), %s) AS %s) AS %s FROM (SELECT arrayJoin(arrayEnumerate(a)) AS n, a[n] AS p FROM (SELECT [%s] AS a))) ORDER BY n",
		bare(r.Existing.PartitionKey), warehouse.Literal(r.Spec.zone()), kind, warehouse.Ident(r.Spec.EventTime), strings.Join(points.texts, ", "))
	rows, err := queryStrings(ctx, w, sql)
	if err != nil {
		return nil, fmt.Errorf("find the partitions of the batches: %w", err)
	}
	if len(rows) != len(points.texts) {
		return nil, fmt.Errorf("find the partitions of the batches: got %d for %d times", len(rows), len(points.texts))
	}
	spans := make([]Span, len(of))
	for i, s := range of {
		id := func(t time.Time) string { return rows[points.at(t)][0] }
		spans[i] = Span{id(justBefore(s.Start)), id(s.Start), id(justBefore(s.End)), id(s.End)}
	}
	return spans, nil
}

// points are moments as text, each once: a slice ends where the next one begins.
type points struct {
	texts []string
	place map[int64]int // by milliseconds
}

func newPoints(of []Slice) *points {
	p := &points{place: map[int64]int{}}
	for _, s := range of {
		for _, t := range []time.Time{justBefore(s.Start), s.Start, justBefore(s.End), s.End} {
			p.at(t)
		}
	}
	return p
}

// at is the place of a moment, which is added where it is new.
func (p *points) at(t time.Time) int {
	at, known := p.place[t.UnixMilli()]
	if !known {
		at = len(p.texts)
		p.place[t.UnixMilli()] = at
		p.texts = append(p.texts, "'"+t.UTC().Format("2006-01-02 15:04:05.000")+"'")
	}
	return at
}

func justBefore(t time.Time) time.Time { return t.Add(-time.Millisecond) }
