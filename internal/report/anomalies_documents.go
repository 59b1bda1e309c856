package report

// Documents are the reports of the last day: one for each of the stores, or, for nil, the
// administrators', of the platform and all stores.
func (s *Search) Documents(stores []Store, currency string) []*Document {
	last := s.End.AddDate(0, 0, -1)
	document := func(audience Audience, store *Store, tested int) *Document {
		return &Document{
			Kind: Anomalies, Start: last, End: s.End, Audience: audience, Store: store, Currency: currency,
			Findings: &Findings{Holiday: s.Holiday, Tested: tested},
		}
	}
	var list []*Document
	of := map[string]*Findings{} // by store's id
	for i := range stores {
		d := document(Vendor, &stores[i], s.Tested[stores[i].ID])
		list, of[stores[i].ID] = append(list, d), d.Findings
	}
	var all *Findings
	if stores == nil {
		tested := 0
		for _, n := range s.Tested {
			tested += n
		}
		list = append(list, document(Admin, nil, tested))
		all = list[0].Findings
	}
	for _, a := range s.Alerts {
		f := all
		if f == nil && a.Store != nil {
			f = of[a.Store.ID]
		}
		if f != nil && a.Date.Equal(last) {
			f.take(a, a.Repeated)
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
