package semantic

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Grain is how finely time is told.
type Grain string

// The grains, from the finest to the coarsest.
const (
	Second  Grain = "second"
	Minute  Grain = "minute"
	Hour    Grain = "hour"
	Day     Grain = "day"
	Week    Grain = "week"
	Month   Grain = "month"
	Quarter Grain = "quarter"
	Year    Grain = "year"
)

var grains = []Grain{Second, Minute, Hour, Day, Week, Month, Quarter, Year}

func grainNames() []string {
	names := make([]string, len(grains))
	for i, g := range grains {
		names[i] = string(g)
	}
	return names
}

// parseGrain reads a grain; what MetricFlow knows below a second counts as one.
func parseGrain(text string) (Grain, bool) {
	switch text {
	case "nanosecond", "microsecond", "millisecond":
		return Second, true
	}
	g := Grain(text)
	return g, g.rank() >= 0
}

func (g Grain) rank() int { return slices.Index(grains, g) }

// finer says whether g tells time more finely than h.
func (g Grain) finer(h Grain) bool { return g.rank() < h.rank() }

// parts are what can be extracted from a time: metric_time__extract_dow.
var parts = map[string]string{
	"year": "toYear", "quarter": "toQuarter", "month": "toMonth", "day": "toDayOfMonth", "dow": "toDayOfWeek", "doy": "toDayOfYear",
}

// Window is a length of time; the zero Window is none.
type Window struct {
	Count int
	Grain Grain
}

func (w Window) isZero() bool { return w.Count == 0 }

// maxWindow bounds windows: a hundred years of days.
const maxWindow = 36600

func parseWindow(text string) (Window, error) {
	number, unit, _ := strings.Cut(strings.TrimSpace(strings.ToLower(text)), " ")
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || n > maxWindow {
		return Window{}, fmt.Errorf("%q is no window of time: write a number and a grain, as in 28 days", text)
	}
	unit = strings.TrimSpace(unit)
	g, ok := parseGrain(unit)
	if !ok {
		g, ok = parseGrain(strings.TrimSuffix(unit, "s"))
	}
	if !ok || g.finer(Day) {
		return Window{}, fmt.Errorf("%q is no window of time: its grain must be day, week, month, quarter or year", text)
	}
	return Window{n, g}, nil
}

// days and months say a window in the units that calendars add.
func (w Window) days() (int, bool) {
	switch w.Grain {
	case Day:
		return w.Count, true
	case Week:
		return 7 * w.Count, true
	}
	return 0, false
}

func (w Window) months() int {
	switch w.Grain {
	case Month:
		return w.Count
	case Quarter:
		return 3 * w.Count
	case Year:
		return 12 * w.Count
	}
	return 0
}

// from is the day so much later; sign -1 is earlier.
func (w Window) from(day time.Time, sign int) time.Time {
	days, _ := w.days()
	return day.AddDate(0, sign*w.months(), sign*days)
}

// add gives the SQL of a date so much later; sign -1 is earlier.
func (w Window) add(date string, sign int) string {
	if days, ok := w.days(); ok {
		return fmt.Sprintf("addDays(%s, %d)", date, sign*days)
	}
	return fmt.Sprintf("addMonths(%s, %d)", date, sign*w.months())
}

// bucket is the SQL of the first day of the period that holds a date.
// weekStart counts from Monday.
func bucket(date string, g Grain, weekStart time.Weekday) string {
	switch g {
	case Week:
		switch weekStart {
		case time.Monday:
			return "toStartOfWeek(" + date + ", 1)"
		case time.Sunday:
			return "toStartOfWeek(" + date + ", 0)"
		}
		return fmt.Sprintf("addDays(%[1]s, -modulo(toDayOfWeek(%[1]s) + %d, 7))", date, 7-int(weekStart))
	case Month:
		return "toStartOfMonth(" + date + ")"
	case Quarter:
		return "toStartOfQuarter(" + date + ")"
	case Year:
		return "toStartOfYear(" + date + ")"
	}
	return date
}

// next is the SQL of the first day of the period after the one that begins
// on a date.
func next(start string, g Grain) string { return Window{1, g}.add(start, 1) }

// floor is the first day of the period that holds a day.
func floor(day time.Time, g Grain, weekStart time.Weekday) time.Time {
	y, m, d := day.Date()
	switch g {
	case Week:
		return day.AddDate(0, 0, -(int(day.Weekday())-int(weekStart)+7)%7)
	case Month:
		d = 1
	case Quarter:
		m, d = (m-1)/3*3+1, 1
	case Year:
		m, d = time.January, 1
	}
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// after is the first day of the next period; day begins one.
func after(day time.Time, g Grain) time.Time { return Window{1, g}.from(day, 1) }

// ceil is day where it begins a period, else the first day of the next one.
func ceil(day time.Time, g Grain, weekStart time.Weekday) time.Time {
	begin := floor(day, g, weekStart)
	if begin.Equal(day) {
		return day
	}
	return after(begin, g)
}
