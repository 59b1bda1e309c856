package generate

import (
	"fmt"
	"strings"
	"time"
)

// AnomalyKind says what goes wrong, or too well, on a day.
type AnomalyKind string

// The kinds of anomalies.
const (
	Spike           AnomalyKind = "spike"            // three times the visits
	Drop            AnomalyKind = "drop"             // three tenths of the visits
	Outage          AnomalyKind = "outage"           // 15:00 to 19:00 UTC: hardly any visit, probes fail
	PaymentFailures AnomalyKind = "payment_failures" // most payments fail
	SlowAPI         AnomalyKind = "slow_api"         // the API takes eight times as long
)

// AnomalyKinds lists every kind.
func AnomalyKinds() []AnomalyKind {
	return []AnomalyKind{Spike, Drop, Outage, PaymentFailures, SlowAPI}
}

// Anomaly is one thing to go wrong on one day of UTC.
type Anomaly struct {
	Day  time.Time
	Kind AnomalyKind
}

// String gives the form that ParseAnomaly reads.
func (a Anomaly) String() string { return a.Day.Format(time.DateOnly) + ":" + string(a.Kind) }

// ParseAnomaly reads DAY:KIND, as in 2026-11-10:spike.
func ParseAnomaly(text string) (Anomaly, error) {
	date, name, found := strings.Cut(text, ":")
	day, err := time.Parse(time.DateOnly, date)
	if !found || err != nil {
		return Anomaly{}, fmt.Errorf("anomaly %q: want DAY:KIND, as in 2026-11-10:spike", text)
	}
	for _, known := range AnomalyKinds() {
		if string(known) == name {
			return Anomaly{day, known}, nil
		}
	}
	return Anomaly{}, fmt.Errorf("anomaly %q: unknown kind %q: use one of %s", text, name, joinKinds())
}

func joinKinds() string {
	names := make([]string, 0, len(AnomalyKinds()))
	for _, k := range AnomalyKinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// outageFrom and outageTo are the hours of UTC of an Outage.
const outageFrom, outageTo = 15, 19

// visits is the factor, in a thousand, on the visits of an hour.
func (a AnomalyKind) visits(hour int) int64 {
	switch {
	case a == Spike:
		return 3000
	case a == Drop:
		return 300
	case a == Outage && hour >= outageFrom && hour < outageTo:
		return 60
	}
	return 1000
}
