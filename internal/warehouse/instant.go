package warehouse

import (
	"fmt"
	"time"
)

// Instant writes a moment for use in SQL, with microseconds. Its type bears the
// zone, so that a column of days is compared by when its days begin there; a
// moment that a change of the clock makes ambiguous stays the one it is.
func Instant(t time.Time, zone *time.Location) string {
	utc := fmt.Sprintf("toDateTime64('%s', 6, 'UTC')", t.UTC().Format("2006-01-02 15:04:05.000000"))
	if zone == nil || zone == time.UTC || zone.String() == "UTC" {
		return utc
	}
	return fmt.Sprintf("toTimeZone(%s, %s)", utc, Literal(zone.String()))
}
