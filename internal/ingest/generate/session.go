package generate

import "github.com/tiendi/tiendi/internal/event"

// session is one visit, from landing to leaving. Its events are made in order
// of time.
type session struct {
	*slot
	rng  stream
	at   int64 // now, in milliseconds since 1970
	over bool  // the range has ended

	id      event.ID
	user    user
	known   bool // logged in: events carry the user's id
	signsUp bool
	country int
	bot     bool
	page    event.Context
	paged   bool // the shop's newer script, which numbers page views
	paused  bool

	lastWeb int64 // time of the last web event, 0 before the first
	store   int   // index of the store that is visited
	product int   // index of the product that is viewed
	cart    []line
	cartOf  int // store whose cart it is
}

// line is one line of a cart or an order.
type line struct {
	product  int
	quantity int64
	price    int64 // cents
}

// session plays the i-th session of the slot's hour.
func (s *slot) session(i int) {
	spec := s.spec
	hourStart := s.w.from + int64(spec.day)*dayLong + int64(spec.hour)*hour
	n := int64(s.w.sessions[spec.day][spec.hour])
	v := session{
		slot: s,
		rng:  newStream(s.w.seed, kindSession, uint64(hourStart), uint64(i)),
		cart: make([]line, 0, 4),
	}
	r := &v.rng
	v.at = hourStart + int64(i)*hour/n + int64(r.below(int(hour/n)+1))
	v.id = r.id()
	v.paged = r.chance(700)
	userIndex, signsUp := s.w.signup(spec.day, s.w.before[spec.day][spec.hour]+i)
	switch {
	case signsUp:
		v.signsUp = true
		v.user = s.w.user(userIndex)
		v.country = cities[v.user.city].country
	case r.chance(25):
		v.crawl()
		return
	default:
		v.arriveAs(r.chance(420))
	}
	v.equip(&devices[deviceWeights.draw(r)])
	v.visit()
}

// arriveAs chooses who visits: a user who logs in now or later, or a guest;
// somebody who is awake at this hour where they live.
func (v *session) arriveAs(member bool) {
	for try := 0; try < 6; try++ {
		if member {
			v.user = v.w.user(v.w.knownUser(&v.rng, v.spec.day))
			v.country = cities[v.user.city].country
		} else {
			v.country = cities[cityWeights.draw(&v.rng)].country
		}
		if awake(&v.rng, v.country, v.spec.hour) {
			break
		}
	}
	v.known = member && v.rng.chance(750)
}

// member says whether the visitor has an account, logged in or not.
func (v *session) member() bool { return !v.user.id.IsZero() && !v.signsUp }

func (v *session) equip(d *device) {
	v.page = event.Context{
		IP: countries[v.country].address(&v.rng), UserAgent: d.userAgent,
		DeviceType: d.class, OS: d.os, Browser: d.browser,
	}
}

// open goes to another page: the page left becomes the referrer.
func (v *session) open(url string) {
	if v.page.PageURL != "" {
		v.page.Referrer = v.page.PageURL
	}
	v.page.PageURL = url
	if v.paged {
		v.page.PageViewID = v.rng.id()
	}
}

// think lets time pass before the next step: around the median, and 20
// minutes at most, but for a pause in some visits.
func (v *session) think(median int64) {
	v.at += min(max(v.rng.lognormal(median, 0.8), 400), 20*minute)
	if !v.paused && v.rng.chance(5) {
		v.pause()
	}
}

// pause is a gap around the one that ends a session, though its id stays: a
// little shorter, longer, or now and then just sessionGap, which does not end it.
func (v *session) pause() {
	v.paused = true
	if v.rng.chance(100) && v.at-v.lastWeb < sessionGap {
		v.at = v.lastWeb + sessionGap
		return
	}
	v.at += int64(v.rng.between(22*60, 150*60)) * second
}

// sessionGap is the longest time between two events of one session.
const sessionGap = 30 * minute

// signUp makes the session's new user: the server's event and the row.
func (v *session) signUp() {
	if v.over {
		return
	}
	v.open(site + "/registro")
	v.props = appendPage(v.props[:0], "signup", "")
	if !v.send(event.PageView) {
		return
	}
	at := v.at + int64(v.rng.between(20, 90))*second
	v.known = true
	v.props = appendSignUp(v.props[:0], pick(&v.rng, []string{"email", "email", "google", "facebook"}))
	if !v.sendServer(event.UserSignedUp, at) {
		v.over = true
		return
	}
	v.at = at
	v.signsUp = false
	v.user.created = at
	v.users = appendUser(v.users, &v.user)
	v.tally.Users++
}
