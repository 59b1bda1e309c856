package verify

import (
	"fmt"
	"time"
)

// usualDays are compared where nothing is said.
const usualDays = 30

// DayStart gives the first moment of a day, also where a change of the clock takes
// midnight away or has it twice.
type DayStart func(year int, month time.Month, day int, zone *time.Location) time.Time

// ParseRange reads days, 2026-01-31, and gives the moments at which they begin. The
// default is the days before today, since today is under way. What lies in the future
// is cut off.
func ParseRange(from, to string, zone *time.Location, now time.Time, begins DayStart) (start, end time.Time, err error) {
	y, m, d := now.In(zone).Date()
	today := begins(y, m, d, zone)
	end = today
	if to != "" {
		if end, err = day("--to", to, zone, begins); err != nil {
			return start, end, err
		}
	}
	if tomorrow := begins(y, m, d+1, zone); end.After(tomorrow) {
		end = tomorrow
	}
	y, m, d = end.In(zone).Date()
	start = begins(y, m, d-usualDays, zone)
	if from != "" {
		if start, err = day("--from", from, zone, begins); err != nil {
			return start, end, err
		}
	}
	if !start.Before(end) {
		return start, end, fmt.Errorf("--from %s does not lie before --to %s, which is not included", start.In(zone).Format(time.DateOnly), end.In(zone).Format(time.DateOnly))
	}
	return start, end, nil
}

func day(flag, text string, zone *time.Location, begins DayStart) (time.Time, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil || t.Year() < 1971 {
		return t, fmt.Errorf("%s %q is no day from 1971 on: want YYYY-MM-DD", flag, text)
	}
	return begins(t.Year(), t.Month(), t.Day(), zone), nil
}
