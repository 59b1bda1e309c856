package generate

import (
	"errors"
	"fmt"
	"runtime"
	"time"
)

// Progress is told how far a generation is: done of total slices of time, and
// a note for people. It is called from one goroutine.
type Progress func(done, total int, note string)

// Options say what to make. Two generations with the same options but Out,
// Workers and Progress give the same bytes, on any machine.
type Options struct {
	Out  string // the folder to make
	Seed uint64
	// From and To bound what happens: from ≤ t < to, UTC. From is a midnight;
	// the last day may be cut short.
	From, To time.Time
	// Events is about how many events the shop sends in the whole range,
	// health probes not counted; 0 leaves it to Users.
	Events int64
	// Stores and Users are how many there are when the range begins; more
	// join as it goes on. 0 means: in proportion to Events or Users.
	Stores, Users int
	// ProbeInterval is the time between health probes; 0 means none.
	ProbeInterval time.Duration
	History       bool // write every version of an order, not the last only
	Compression   Compression
	Anomalies     []Anomaly
	Workers       int // 0 means one for each processor
	Progress      Progress
}

// Defaults of the demo: about 200,000 events and 2,000 orders in 90 days.
const (
	DefaultDays          = 90
	DefaultStores        = 36
	DefaultUsers         = 2500
	DefaultProbeInterval = time.Minute
)

const (
	maxEvents = 100_000_000_000
	maxStores = 20_000
	maxUsers  = 1_000_000_000
	maxDays   = 3660
	// demoEvents is what the default number of users sends in the default days.
	demoEvents = 200_000
)

var earliest = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// check refuses what makes no sense, naming the flag that says it.
func (o *Options) check() error {
	days := o.To.Sub(o.From).Hours() / 24
	switch {
	case o.Out == "":
		return errors.New("--out is empty: name the folder to make")
	case !o.From.Equal(o.From.UTC().Truncate(24 * time.Hour)):
		return fmt.Errorf("--from %s is no midnight in UTC", o.From.Format(time.RFC3339))
	case !o.From.Before(o.To):
		return fmt.Errorf("--from %s is not before --to %s, which is exclusive",
			o.From.Format(time.DateOnly), o.To.UTC().Format(time.RFC3339))
	case o.From.Before(earliest) || days > maxDays:
		return fmt.Errorf("from %s to %s: a generation spans %d days at most, from %s on",
			o.From.Format(time.DateOnly), o.To.Format(time.DateOnly), maxDays, earliest.Format(time.DateOnly))
	case o.Events < 0 || o.Events > maxEvents:
		return fmt.Errorf("--events %d is outside 1 to %d", o.Events, int64(maxEvents))
	case o.Stores < 0 || o.Stores > maxStores:
		return fmt.Errorf("--stores %d is outside 1 to %d", o.Stores, maxStores)
	case o.Users < 0 || o.Users > maxUsers:
		return fmt.Errorf("--users %d is outside 1 to %d", o.Users, maxUsers)
	case o.ProbeInterval < 0 || o.ProbeInterval%time.Minute != 0 || o.ProbeInterval > time.Hour:
		return fmt.Errorf("--probe-interval %s: want whole minutes up to 1h, or 0 for none", o.ProbeInterval)
	}
	if err := o.Compression.check(); err != nil {
		return err
	}
	return o.checkAnomalies()
}

func (o *Options) checkAnomalies() error {
	for _, a := range o.Anomalies {
		if a.Day.Before(o.From) || !a.Day.Before(o.To) {
			return fmt.Errorf("--anomaly %s: the day is outside %s to %s (exclusive)",
				a, o.From.Format(time.DateOnly), o.To.Format(time.DateOnly))
		}
	}
	return nil
}

// settle fills in what was left to proportion.
func (o *Options) settle() {
	o.From, o.To = o.From.UTC(), o.To.UTC().Truncate(time.Millisecond)
	if o.Users == 0 {
		o.Users = DefaultUsers
		if o.Events > 0 {
			o.Users = int(max(40, o.Events*DefaultUsers/demoEvents))
		}
	}
	if o.Stores == 0 {
		o.Stores = storesFor(o.Users)
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Progress == nil {
		o.Progress = func(int, int, string) {}
	}
}

// storesFor grows with the root of the users: twice the users visit more
// stores, but not twice as many.
func storesFor(users int) int {
	n := 4
	for n < maxStores && (n+1)*(n+1) <= DefaultStores*DefaultStores*users/DefaultUsers {
		n++
	}
	return n
}
