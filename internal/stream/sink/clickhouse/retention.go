package clickhouse

import (
	"strconv"
	"time"

	"github.com/tiendi/tiendi/internal/lazyregexp"
)

// retention is how long a table keeps rows after their timestamp. The zero value
// keeps them for ever.
type retention struct{ years, months, days int }

var keepsRows = lazyregexp.New("TTL (?:toDateTime\\()?`?timestamp`?\\)? \\+ toInterval(Year|Month|Day)\\((\\d+)\\)")

// retentionOf reads a table's engine clause as the server writes it. A rule of
// another form than the models' counts as none: rows are not counted then.
func retentionOf(engine string) (r retention) {
	m := keepsRows().FindStringSubmatch(engine)
	if m == nil {
		return r
	}
	n, err := strconv.Atoi(m[2])
	if err != nil {
		return r
	}
	switch m[1] {
	case "Year":
		r.years = n
	case "Month":
		r.months = n
	default:
		r.days = n
	}
	return r
}

// oldest is the first moment that is kept at now, the zero time where all are.
func (r retention) oldest(now time.Time) time.Time {
	if r == (retention{}) {
		return time.Time{}
	}
	return now.AddDate(-r.years, -r.months, -r.days)
}
