package verify

import (
	"fmt"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// day is the day of a moment in the project's time zone.
func (s *Shape) day(moment string) string {
	return fmt.Sprintf("toDate(%s, %s)", moment, warehouse.Literal(s.Zone.String()))
}

// within is the range of moments, widened on either side.
func (s *Shape) within(moment string, by time.Duration) string {
	return fmt.Sprintf("%[1]s >= %[2]s AND %[1]s < %[3]s", moment, warehouse.Instant(s.From.Add(-by), nil), warehouse.Instant(s.To.Add(by), nil))
}

// withinDays is the range of a column of days.
func (s *Shape) withinDays(column string) string {
	return fmt.Sprintf("%[1]s >= toDate('%[2]s') AND %[1]s < toDate('%[3]s')", column,
		s.From.In(s.Zone).Format(time.DateOnly), s.To.In(s.Zone).Format(time.DateOnly))
}

// settling is how long after an event has arrived in one place it may be missing in the
// other: the archive's files are written after 10 minutes.
const settling = 30 * time.Minute

// due is when what had arrived by then must have gone through.
func (s *Shape) due() time.Time {
	if latest := s.Now.Add(-settling); latest.Before(s.To) {
		return latest
	}
	return s.To
}

// seen says whether staging should know a row of its raw table: it had the time to, or
// has newer ones. An insert becomes visible at once and with one time of arrival, and
// not in the order of those times: so of the last minute that staging knows anything
// of, it has seen those inserts of which it has a row.
func (s *Shape) seen(staging string) string {
	return fmt.Sprintf("(ingested_at <= %[1]s OR (SELECT count() FROM %[2]s) = 0"+
		" OR ingested_at <= (SELECT max(ingested_at) - toIntervalMinute(1) FROM %[2]s)"+
		" OR ingested_at IN (SELECT ingested_at FROM %[2]s WHERE ingested_at > (SELECT max(ingested_at) - toIntervalMinute(1) FROM %[2]s)))",
		warehouse.Instant(s.due(), nil), staging)
}

// byDay sums up rows of a moment called at.
func (s *Shape) byDay(figures []string, from, where string) string {
	return fmt.Sprintf("SELECT toString(%s) AS day, %s\nFROM %s\nWHERE %s\nGROUP BY day", s.day("at"), texts(figures), from, where)
}

// ofDays sums up a mart, whose rows have a date.
func (s *Shape) ofDays(figures []string, relation, where string) string {
	if where != "" {
		where = " AND " + where
	}
	return fmt.Sprintf("SELECT toString(date) AS day, %s\nFROM %s\nWHERE %s%s\nGROUP BY day", texts(figures), relation, s.withinDays("date"), where)
}

// texts has each figure written out, so that no digit of a decimal is lost.
func texts(figures []string) string {
	out := make([]string, len(figures))
	for i, f := range figures {
		out[i] = "toString(" + f + ")"
	}
	return strings.Join(out, ", ")
}

// isOneOf is true where a column is one of some texts.
func isOneOf(column string, list []string) string {
	quoted := make([]string, len(list))
	for i, text := range list {
		quoted[i] = warehouse.Literal(text)
	}
	return fmt.Sprintf("has([%s]::Array(String), %s)", strings.Join(quoted, ", "), column)
}

const noID = "toUUID('00000000-0000-0000-0000-000000000000')"
