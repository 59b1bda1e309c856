package anomaly

import (
	"context"
	"math"
)

// Detect gives the alerts of each day from up to, not including, to. The days
// before from are their past.
func Detect(ctx context.Context, list []*Series, from, to int, o Options) (*Findings, error) {
	all, err := scoreAll(ctx, list, &o)
	if err != nil {
		return nil, err
	}
	byMetric := map[string][]*scored{}
	for _, s := range all {
		byMetric[s.series.Metric] = append(byMetric[s.series.Metric], s)
	}
	found := &Findings{}
	reported := map[side]int{} // the day of the last alert
	for day := from; day < to; day++ {
		if o.holiday(day) {
			continue
		}
		alerts, tested := detectDay(all, byMetric, day, &o)
		for _, a := range alerts {
			of := side{a.Series, a.Up()}
			last, before := reported[of]
			if a.Repeated = before && day-last <= o.Cooldown; !a.Repeated {
				reported[of] = day
			}
			found.Alerts = append(found.Alerts, a)
		}
		if day == to-1 {
			for _, s := range tested {
				found.Tested = append(found.Tested, s.series)
			}
		}
	}
	return found, nil
}

// side is a series and to which side it deviates.
type side struct {
	series *Series
	up     bool
}

// detectDay tests every series on one day.
func detectDay(all []*scored, byMetric map[string][]*scored, day int, o *Options) ([]Alert, []*scored) {
	calibrations := map[string]*calibration{}
	for metric, of := range byMetric {
		if c, ok := calibrate(past(of, day, o)); ok {
			calibrations[metric] = c
		}
	}
	var tested []*scored
	var ps []float64
	for _, s := range all {
		c := calibrations[s.series.Metric]
		if c == nil || math.IsNaN(s.deviations[day]) || s.expectations[day].volume(s.series.Kind) < o.MinVolume {
			continue
		}
		tested, ps = append(tested, s), append(ps, c.p(s.deviations[day]))
	}
	limit := min(discoveries(ps, o.FDR), o.Alpha)
	var alerts []Alert
	for i, s := range tested {
		if ps[i] > limit {
			continue
		}
		if a := s.alert(day, ps[i], calibrations[s.series.Metric], o); math.Abs(a.Value-a.Expected) >= o.MinEffect*a.Expected {
			alerts = append(alerts, a)
		}
	}
	return alerts, tested
}

// past gathers the deviations of a metric's ordinary days before a day.
func past(of []*scored, day int, o *Options) []float64 {
	var out []float64
	for _, s := range of {
		for d := max(0, day-Calibration); d < day; d++ {
			if !math.IsNaN(s.deviations[d]) && !o.holiday(d) {
				out = append(out, s.deviations[d])
			}
		}
	}
	return out
}

// sinceShare is how rare a day must be to belong to a deviation that goes on.
const sinceShare = 0.1

func (s *scored) alert(day int, p float64, c *calibration, o *Options) Alert {
	e, kind := &s.expectations[day], s.series.Kind
	a := Alert{
		Series: s.series, Day: day, Since: day, P: p,
		Value: e.natural(kind, s.series.Values[day]), Expected: e.expected(kind),
	}
	a.Low, a.High = e.interval(kind, c.size(o.Alpha)*s.spreads[day])
	for d := day - 1; d >= 0; d-- {
		if o.holiday(d) {
			continue
		}
		before := s.deviations[d]
		if math.IsNaN(before) || before > 0 != a.Up() || c.p(before) > sinceShare {
			break
		}
		a.Since = d
	}
	return a
}
