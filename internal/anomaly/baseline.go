package anomaly

import "math"

// The level is that of the last levelDays usable days; fewer than leastDays in
// the window are too few to expect anything.
const (
	levelDays = 28
	leastDays = 28
)

// expectation is what a day should be.
type expectation struct {
	mean float64 // count, pseudo-count of an amount, or rate
	unit float64 // what one of an Amount's things is worth; 1 otherwise
	// trials are a Rate's Totals of the day, past those that the rate is known from.
	trials, past float64
}

// forecaster computes expectations of one series, and keeps its scratch space.
type forecaster struct {
	series  *Series
	options *Options
	logs    []float64 // of each day: log(1+count); NaN where it is not usable
	// differences are how a day differs from the mean of the seven days around
	// it, the habit of its weekday and chance; NaN where too many are unusable.
	differences []float64
	scratch     []float64
}

func newForecaster(s *Series, o *Options) *forecaster {
	n := len(s.Values)
	f := &forecaster{s, o, make([]float64, n), make([]float64, n), make([]float64, 0, Window)}
	for day := range n {
		f.logs[day] = math.NaN()
		if s.known(day) && !o.holiday(day) {
			f.logs[day] = math.Log1p(s.Values[day])
		}
	}
	for day := range n {
		f.differences[day] = f.difference(day)
	}
	return f
}

func (f *forecaster) difference(day int) float64 {
	if day < 3 || day+3 >= len(f.logs) {
		return math.NaN()
	}
	sum, n := 0.0, 0
	for _, x := range f.logs[day-3 : day+4] {
		if !math.IsNaN(x) {
			sum, n = sum+x, n+1
		}
	}
	if n < 5 {
		return math.NaN()
	}
	return f.logs[day] - sum/float64(n)
}

// expect says what a day should be, by the days before it alone.
func (f *forecaster) expect(day int) (expectation, bool) {
	usable := 0
	for _, x := range f.logs[max(0, day-Window):day] {
		if !math.IsNaN(x) {
			usable++
		}
	}
	if usable < leastDays {
		return expectation{}, false
	}
	if f.series.Kind == Rate {
		return f.rate(day)
	}
	level := f.level(day, f.habits(day))
	e := expectation{mean: math.Expm1(level), unit: 1}
	if f.series.Kind == Amount {
		e.unit = f.unit(day)
		e.mean /= e.unit
	}
	return e, e.mean > 0 && e.unit > 0
}

// habits are how the weekdays differ from their weeks: medians over the window,
// of days whose week was over before the day.
func (f *forecaster) habits(day int) (habits [7]float64) {
	mean := 0.0
	for back := range 7 {
		same := f.scratch[:0]
		for d := day - 4 - back; d >= max(0, day-Window); d -= 7 {
			if x := f.differences[d]; !math.IsNaN(x) {
				same = append(same, x)
			}
		}
		habit := median(same)
		habits[f.options.weekday(day-4-back)] = habit
		mean += habit / 7
	}
	for w := range habits {
		habits[w] -= mean
	}
	return habits
}

// level is the median of the last days without their weekdays' habits, for the
// weekday of the day.
func (f *forecaster) level(day int, habits [7]float64) float64 {
	last := f.scratch[:0]
	for d := day - 1; d >= max(0, day-Window) && len(last) < levelDays; d-- {
		if !math.IsNaN(f.logs[d]) {
			last = append(last, f.logs[d]-habits[f.options.weekday(d)])
		}
	}
	return median(last) + habits[f.options.weekday(day)]
}

// unit is what one thing of an amount is worth, over the window.
func (f *forecaster) unit(day int) float64 {
	sum, things := 0.0, 0.0
	for d := max(0, day-Window); d < day; d++ {
		if !math.IsNaN(f.logs[d]) {
			sum, things = sum+f.series.Values[d], things+f.series.Totals[d]
		}
	}
	return sum / things
}

// rate is the share of the last days, all weekdays alike.
func (f *forecaster) rate(day int) (expectation, bool) {
	hits, trials, days := 0.0, 0.0, 0
	for d := day - 1; d >= max(0, day-Window) && days < 2*levelDays; d-- {
		if !math.IsNaN(f.logs[d]) {
			hits, trials, days = hits+f.series.Values[d], trials+f.series.Totals[d], days+1
		}
	}
	e := expectation{mean: hits / trials, unit: 1, trials: f.series.Totals[day], past: trials}
	return e, trials > 0 && e.trials > 0
}
