package api

import (
	"fmt"
	"sync"
	"time"
)

// lastDays remembers the last day of the data's present state.
type lastDays struct {
	mu      sync.Mutex
	version string // of the data, and the day on which it was asked
	day     time.Time
}

func (l *lastDays) get(version string) (time.Time, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.day, l.version == version
}

func (l *lastDays) set(version string, day time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.version, l.day = version, day
}

// today is the current day in the platform's time zone, at midnight UTC.
func (s *Server) today() (time.Time, error) {
	zone, err := time.LoadLocation(s.options.Metrics.TimeZone())
	if err != nil {
		return time.Time{}, err
	}
	year, month, day := s.options.Clock().In(zone).Date()
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC), nil
}

// lastDay is the last day that is over in the platform's time zone, or the last with data
// where those end before it. It is the whole platform's: a store that sold nothing lately
// has had those days, too.
func (s *Server) lastDay(c *call) (time.Time, error) {
	today, err := s.today()
	if err != nil {
		return time.Time{}, err
	}
	d, err := s.tables.now(c.Context())
	if err != nil {
		return time.Time{}, err
	}
	yesterday := today.AddDate(0, 0, -1).Format(time.DateOnly)
	version := d.version + " " + yesterday
	if day, known := s.last.get(version); known {
		return day, nil
	}
	rows, err := s.small(c, question{Metrics: []string{s.options.Pulse}, GroupBy: []string{"metric_time__day"}, OrderBy: []string{"-metric_time__day"}, Sparse: true}, nil, 1)
	if err != nil {
		return time.Time{}, err
	}
	if len(rows) > 0 && rows[0][0] != nil {
		yesterday = min(yesterday, fmt.Sprint(rows[0][0]))
	}
	day, err := time.Parse(time.DateOnly, yesterday)
	if err == nil {
		s.last.set(version, day)
	}
	return day, err
}
