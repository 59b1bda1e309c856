package report

import "slices"

// Key names what an alert says but for its day: whose figure it is, and to which side it
// deviates.
func (a *Alert) Key() string {
	side := "down"
	if a.Value.GreaterThan(a.Expected) {
		side = "up"
	}
	subject := ""
	if a.Store != nil {
		subject = a.Store.ID
	}
	return subject + " " + a.Metric + " " + side
}

// Untold is the document for a reader who was told some of its alerts before: these go on,
// and all others are new, also where a search calls them repeated. It says whether there
// are any new ones.
func (d *Document) Untold(told func(key string) bool) (of *Document, news bool) {
	of = d.withoutAlerts()
	for _, a := range slices.Concat(d.Findings.Alerts, d.Findings.Continuing) {
		of.Findings.take(a, told(a.Key()))
	}
	return of, len(of.Findings.Alerts) > 0
}

// withoutAlerts is a copy to take some of the document's alerts.
func (d *Document) withoutAlerts() *Document {
	of, f := *d, *d.Findings
	f.Alerts, f.Continuing = nil, nil
	of.Findings = &f
	return &of
}

// Brief is the document with so many alerts of stores at most, new ones before those that
// go on; the rest is only counted. The platform's are all there.
func (d *Document) Brief(most int) *Document {
	of := d.withoutAlerts()
	stores := 0
	for _, part := range []struct {
		alerts     []Alert
		continuing bool
	}{{d.Findings.Alerts, false}, {d.Findings.Continuing, true}} {
		for _, a := range part.alerts {
			if a.Store != nil {
				stores++
			}
			if a.Store != nil && stores > most {
				of.Findings.More++
				continue
			}
			of.Findings.take(a, part.continuing)
		}
	}
	return of
}
