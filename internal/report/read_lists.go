package report

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// readProducts lists the best sellers: what brings in most, the id settling equal ones.
func (w *work) readProducts(ctx context.Context) error {
	q := w.query(w.start, w.end, []string{"gmv", "units_sold", "product_views", "product_conversion_rate"}, "product", "product__name")
	q.OrderBy = []string{"-gmv", "-units_sold", "product"}
	return w.ask(ctx, q, func(r row) error {
		d := w.document(r)
		if d == nil || len(d.Products) == topProducts {
			return nil
		}
		p := Product{Name: cmp.Or(r.text("product__name"), r.text("product"))}
		gmv, err := r.number("gmv")
		if err != nil {
			return err
		}
		p.GMV = gmv.Decimal
		if p.Units, err = r.count("units_sold"); err != nil {
			return err
		}
		if p.Views, err = r.count("product_views"); err != nil {
			return err
		}
		if p.ConversionRate, err = r.number("product_conversion_rate"); err == nil && p.Units > 0 {
			d.Products = append(d.Products, p)
		}
		return err
	})
}

// readMovers lists a store's products, on the platform the stores, whose sales
// changed most against the week before, in money.
func (w *work) readMovers(ctx context.Context) error {
	before := w.start.AddDate(0, 0, -7)
	if !w.days.has(before, w.end) {
		return nil
	}
	by, name := "store", "store__name"
	if w.audience == Vendor {
		by, name = "product", "product__name"
	}
	found := map[*Document]map[string]*Mover{}
	for _, start := range []time.Time{w.start, before} {
		q := w.query(start, start.AddDate(0, 0, 7), []string{"gmv"}, by, name)
		err := w.ask(ctx, q, func(r row) error {
			d := w.byStore[""]
			if w.audience == Vendor {
				d = w.document(r)
			}
			gmv, err := r.number("gmv")
			if err != nil || d == nil {
				return err
			}
			if found[d] == nil {
				found[d] = map[string]*Mover{}
			}
			m := found[d][r.text(by)]
			if m == nil {
				m = &Mover{Name: cmp.Or(r.text(name), r.text(by))}
				found[d][r.text(by)] = m
			}
			if start.Equal(w.start) {
				m.GMV = gmv.Decimal
			} else {
				m.GMVBefore = gmv.Decimal
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	for d, movers := range found {
		d.Movers = foremost(movers)
	}
	return nil
}

// foremost are the movers that moved most, the id settling equal ones.
func foremost(movers map[string]*Mover) []Mover {
	ids := make([]string, 0, len(movers))
	for id, m := range movers {
		if !m.GMV.Equal(m.GMVBefore) {
			ids = append(ids, id)
		}
	}
	slices.SortFunc(ids, func(a, b string) int {
		x, y := movers[a], movers[b]
		return cmp.Or(y.GMV.Sub(y.GMVBefore).Abs().Cmp(x.GMV.Sub(x.GMVBefore).Abs()), cmp.Compare(a, b))
	})
	var list []Mover
	for _, id := range ids[:min(topMovers, len(ids))] {
		list = append(list, *movers[id])
	}
	return list
}

func (w *work) readFunnel(ctx context.Context) error {
	return w.readSteps(ctx, "", nil)
}

func (w *work) readSources(ctx context.Context) error {
	return w.readSteps(ctx, "funnel__traffic_source", func(d *Document) *splitList { return &d.Sources })
}

func (w *work) readDevices(ctx context.Context) error {
	return w.readSteps(ctx, "funnel__device_type", func(d *Document) *splitList { return &d.Devices })
}

// readSteps reads the funnel, whole or by a dimension: then the most visited first.
func (w *work) readSteps(ctx context.Context, dimension string, splits func(*Document) *splitList) error {
	by := []string{"funnel__step_number", "funnel__step"}
	if dimension != "" {
		by = append(by, dimension)
	}
	q := w.query(w.start, w.end, []string{"funnel"}, by...)
	q.OrderBy = []string{"funnel__step_number"}
	err := w.ask(ctx, q, func(r row) error {
		d := w.document(r)
		n, err := r.count("funnel")
		if err != nil || d == nil {
			return err
		}
		step := Step{r.text("funnel__step"), n}
		if dimension == "" {
			d.Funnel = append(d.Funnel, step)
			return nil
		}
		splits(d).add(r.text(dimension), d.Funnel, step)
		return nil
	})
	if err != nil || dimension == "" {
		return err
	}
	for _, d := range w.documents {
		list := splits(d)
		slices.SortFunc(*list, func(a, b Split) int {
			return cmp.Or(cmp.Compare(b.Steps[0].Sessions, a.Steps[0].Sessions), cmp.Compare(a.Value, b.Value))
		})
	}
	return nil
}

// splitList is a funnel by the values of a dimension.
type splitList []Split

// add adds a step of those that have a value. A step that none of them reaches has no row: every
// split has the steps of the whole funnel.
func (l *splitList) add(value string, whole []Step, step Step) {
	i := slices.IndexFunc(*l, func(s Split) bool { return s.Value == value })
	if i < 0 {
		i = len(*l)
		split := Split{Value: value}
		for _, one := range whole {
			split.Steps = append(split.Steps, Step{Name: one.Name})
		}
		*l = append(*l, split)
	}
	for k := range whole {
		if whole[k].Name == step.Name {
			(*l)[i].Steps[k] = step
		}
	}
}

// readCohorts reads how many of each month's new customers came back.
func (w *work) readCohorts(ctx context.Context) error {
	q := w.query(w.start, w.end, []string{"cohort_users", "retained_users"}, "metric_time__month", "cohort__months_since_first")
	q.OrderBy = []string{"metric_time__month", "cohort__months_since_first"}
	return w.ask(ctx, q, func(r row) error {
		d := w.document(r)
		if d == nil {
			return nil
		}
		users, err := r.count("cohort_users")
		if err != nil {
			return err
		}
		retained, err := r.count("retained_users")
		if err != nil {
			return err
		}
		month := r.day("metric_time__month")
		if n := len(d.Cohorts); n == 0 || !d.Cohorts[n-1].Month.Equal(month) {
			d.Cohorts = append(d.Cohorts, Cohort{Month: month, Users: users})
		}
		c := &d.Cohorts[len(d.Cohorts)-1]
		c.Retained = append(c.Retained, retained)
		return nil
	})
}
