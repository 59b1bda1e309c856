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
	f := *d.Findings
	f.Alerts, f.Continuing = nil, nil
	for _, a := range slices.Concat(d.Findings.Alerts, d.Findings.Continuing) {
		f.take(a, told(a.Key()))
	}
	out := *d
	out.Findings = &f
	return &out, len(f.Alerts) > 0
}

// Brief is the document with so many alerts of stores at most, new ones before those that
// go on; the rest is only counted. The platform's are all there.
func (d *Document) Brief(most int) *Document {
	f := *d.Findings
	f.Alerts, f.Continuing = nil, nil
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
				f.More++
				continue
			}
			f.take(a, part.continuing)
		}
	}
	out := *d
	out.Findings = &f
	return &out
}
