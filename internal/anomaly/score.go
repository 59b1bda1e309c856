package anomaly

import "math"

// deviation says how far a day's value is from what was expected, to the side
// it is on, in units in which an event-like series varies by about 1: the
// signed root of the Poisson deviance for counts and amounts. For rates it is the
// score at which Wilson's interval of the day's rate ends at the expected one
// (Wilson, 1927), less for what the past rate is uncertain by.
func (e *expectation) deviation(kind Kind, value float64) float64 {
	if kind == Rate {
		if spread := e.spread(); spread > 0 {
			return (value - e.trials*e.mean) / spread
		}
		return 0
	}
	count := value / e.unit
	deviance := e.mean - count
	if count > 0 {
		deviance += count * math.Log(count/e.mean)
	}
	return math.Copysign(math.Sqrt(2*max(0, deviance)), count-e.mean)
}

// spread is the standard deviation of a rate's successes.
func (e *expectation) spread() float64 {
	return math.Sqrt(e.mean * (1 - e.mean) * e.trials * (1 + e.trials/e.past))
}

// volume is what MinVolume is held against.
func (e *expectation) volume(kind Kind) float64 {
	if kind == Rate {
		return e.trials * min(e.mean, 1-e.mean)
	}
	return e.mean
}

// natural turns a value into the series' own unit as a person reads it: a rate
// into a share.
func (e *expectation) natural(kind Kind, value float64) float64 {
	if kind == Rate {
		return value / e.trials
	}
	return value
}

// expected is the mean in the series' own unit.
func (e *expectation) expected(kind Kind) float64 {
	if kind == Rate {
		return e.mean
	}
	return e.mean * e.unit
}

// interval is where deviations are at most so large, in the series' own unit.
func (e *expectation) interval(kind Kind, deviation float64) (low, high float64) {
	if kind == Rate {
		half := deviation * e.spread() / e.trials
		return max(0, e.mean-half), min(1, e.mean+half)
	}
	top := e.mean + 1
	for e.deviation(kind, top*e.unit) < deviation {
		top *= 2
	}
	return e.solve(kind, 0, e.mean, -deviation), e.solve(kind, e.mean, top, deviation)
}

// solve finds the count between from and to with that deviation, which grows
// with the count.
func (e *expectation) solve(kind Kind, from, to, deviation float64) float64 {
	for range 60 {
		middle := (from + to) / 2
		if e.deviation(kind, middle*e.unit) < deviation {
			from = middle
		} else {
			to = middle
		}
	}
	return to * e.unit
}
