package generate

import "time"

// plan is what is fixed before the first event is made: how many sessions
// each hour has, who signs up when, which stores open. It takes memory by the
// hours of the range only.
type plan struct {
	seed     uint64
	from, to int64 // milliseconds since 1970
	days     int
	history  bool
	probe    int64 // milliseconds between health probes, 0 for none
	stores   int   // when the range begins
	users    int

	sessions  [][24]int32     // by day and hour
	before    [][24]int       // sessions of the day before each hour
	signups   []int           // by day
	userBase  []int           // users at the start of each day, and at the end
	opened    []int           // stores open at the start of each day, and at the end
	anomalies [][]AnomalyKind // by day
	downtimes [][]span        // by day
}

// span is from ≤ t < to in milliseconds since 1970.
type span struct{ from, to int64 }

const (
	// microsPerUser is how many millionths of a session a user of the first
	// day stands for on a plain day, guests included.
	microsPerUser = 125_000
	// eventsPerSession is what a session sends on average with its server
	// events and duplicates, in a thousand. A test holds it to what is made.
	eventsPerSession = 5260
	signupsPerMille  = 35 // of sessions
	openingsPerDay   = 15 // of the first day's stores, in ten thousand
)

func newPlan(o *Options) *plan {
	p := &plan{
		seed: o.Seed, from: o.From.UnixMilli(), to: o.To.UnixMilli(),
		history: o.History, probe: o.ProbeInterval.Milliseconds(),
		stores: o.Stores, users: o.Users,
	}
	p.days = int((p.to - p.from + dayLong - 1) / dayLong)
	p.anomalies = make([][]AnomalyKind, p.days)
	for _, a := range o.Anomalies {
		day := int((a.Day.UnixMilli() - p.from) / dayLong)
		p.anomalies[day] = append(p.anomalies[day], a.Kind)
	}
	p.setSessions(o)
	p.setPeople()
	p.setDowntimes()
	return p
}

func (p *plan) date(day int) time.Time {
	return time.UnixMilli(p.from + int64(day)*dayLong).UTC()
}

// setPeople says how many users sign up and how many stores open on each day.
func (p *plan) setPeople() {
	p.signups = make([]int, p.days)
	p.userBase = make([]int, p.days+1)
	p.opened = make([]int, p.days+1)
	p.userBase[0] = p.users
	for day := range p.days {
		p.signups[day] = p.daySessions(day) * signupsPerMille / 1000
		p.userBase[day+1] = p.userBase[day] + p.signups[day]
		p.opened[day] = p.stores + p.stores*openingsPerDay*day/10_000
	}
	p.opened[p.days] = p.stores + p.stores*openingsPerDay*p.days/10_000
}

func (p *plan) daySessions(day int) int {
	return p.before[day][23] + int(p.sessions[day][23])
}

// signup gives the index of the user that the k-th session of the day signs
// up: the signups are spread evenly over the day's sessions.
func (p *plan) signup(day, k int) (user int, ok bool) {
	sessions := p.daySessions(day)
	before := k * p.signups[day] / sessions
	if (k+1)*p.signups[day]/sessions == before {
		return 0, false
	}
	return p.userBase[day] + before, true
}

// setDowntimes draws a short failure on one day in twenty, and the long one of
// each day with an outage.
func (p *plan) setDowntimes() {
	p.downtimes = make([][]span, p.days)
	for day := range p.days {
		r := newStream(p.seed, kindProbe, uint64(p.date(day).Unix()))
		start := p.from + int64(day)*dayLong
		if r.chance(50) {
			at := start + int64(r.below(23*60))*minute
			p.downtimes[day] = append(p.downtimes[day], span{at, at + int64(r.between(3, 25))*minute})
		}
		for _, kind := range p.anomalies[day] {
			if kind == Outage {
				p.downtimes[day] = append(p.downtimes[day], span{start + outageFrom*hour, start + outageTo*hour})
			}
		}
	}
}

func (p *plan) has(day int, kind AnomalyKind) bool {
	for _, k := range p.anomalies[min(day, p.days-1)] {
		if k == kind {
			return true
		}
	}
	return false
}

func (p *plan) down(at int64) bool {
	day := min(int((at-p.from)/dayLong), p.days-1)
	for _, d := range p.downtimes[day] {
		if at >= d.from && at < d.to {
			return true
		}
	}
	return false
}
