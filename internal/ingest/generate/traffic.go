package generate

// hourWeights are a day's sessions by hour, in a thousandth of a millionth of
// a plain day's.
func (p *plan) hourWeights(day int) [24]int64 {
	weights := hourShares()
	of := dayWeight(p.seed, p.date(day), day)
	for h := range weights {
		weights[h] *= of
		for _, kind := range p.anomalies[day] {
			weights[h] = weights[h] * kind.visits(h) / 1000
		}
	}
	return weights
}

// setSessions spreads the sessions over the hours, each rounded by chance so
// that small shops have visits at all hours.
func (p *plan) setSessions(o *Options) {
	perPlainDay := float64(o.Users) * microsPerUser / 1e6
	if o.Events > 0 {
		perPlainDay = float64(o.Events) * 1000 / eventsPerSession / p.plainDays()
	}
	p.sessions = make([][24]int32, p.days)
	p.before = make([][24]int, p.days)
	for day := range p.days {
		before := 0
		for h, weight := range p.hourWeights(day) {
			r := newStream(p.seed, kindHour, uint64(p.date(day).Unix()), uint64(h))
			n := int(perPlainDay*float64(weight)/1e9 + float64(r.below(1<<20))/(1<<20))
			p.sessions[day][h] = int32(n)
			p.before[day][h] = before
			before += n
		}
	}
}

// plainDays is how many plain days the whole range amounts to.
func (p *plan) plainDays() float64 {
	sum := int64(0)
	for day := range p.days {
		for h, weight := range p.hourWeights(day) {
			if p.from+int64(day)*dayLong+int64(h)*hour < p.to {
				sum += weight
			}
		}
	}
	return float64(sum) / 1e9
}
