package report

// Documents are the reports of the last day: one for each of the stores, or, for nil, the
// administrators', of the platform and all stores.
func (s *Search) Documents(stores []Store, currency string) []*Document {
	var list []*Document
	bySubject := map[string]*Findings{}
	add := func(audience Audience, store *Store, subject string) *Findings {
		f := &Findings{Holiday: s.Holiday, Tested: s.Tested[subject]}
		list = append(list, &Document{
			Kind: Anomalies, Start: s.End.AddDate(0, 0, -1), End: s.End, Audience: audience, Store: store, Currency: currency, Findings: f,
		})
		bySubject[subject] = f
		return f
	}
	for i := range stores {
		add(Vendor, &stores[i], stores[i].ID)
	}
	var all *Findings
	if stores == nil {
		all = add(Admin, nil, "")
		all.Tested = 0
		for _, n := range s.Tested {
			all.Tested += n
		}
	}
	for _, a := range s.Alerts {
		of := all
		if of == nil && a.Store != nil {
			of = bySubject[a.Store.ID]
		}
		if of != nil && a.Date.Equal(s.End.AddDate(0, 0, -1)) {
			of.take(a, a.Repeated)
		}
	}
	return list
}

func (f *Findings) take(a Alert, continuing bool) {
	if continuing {
		f.Continuing = append(f.Continuing, a)
		return
	}
	f.Alerts = append(f.Alerts, a)
}
