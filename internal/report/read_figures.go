package report

import (
	"context"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/semantic"
)

// readFigures fills the figures: by day, and for longer periods each as a whole,
// since rates and distinct counts do not add up.
func (w *work) readFigures(ctx context.Context) error {
	names := figures[w.audience]
	metrics, err := metricsOf(w.Metrics, names)
	if err != nil {
		return err
	}
	last := w.end.AddDate(0, 0, -1)
	for _, d := range w.documents {
		for i, name := range names {
			d.Figures = append(d.Figures, Figure{
				Name: name, Label: metrics[i].Label, Unit: Unit(metrics[i].Unit), GoodDown: goodDown[name], History: w.emptyHistory(metrics[i], last),
			})
		}
	}
	first := w.end.AddDate(0, 0, -historyDays)
	err = w.readInto(ctx, w.query(first, w.end, names, "metric_time__day"), names, func(f *Figure, r row, v decimal.NullDecimal) {
		if at := int(r.day("metric_time__day").Sub(first).Hours() / 24); at >= 0 && at < historyDays {
			f.History[at] = v
		}
	})
	if err != nil || w.kind == Daily {
		w.takeDays()
		return err
	}
	return w.readPeriods(ctx, names, metrics)
}

// emptyHistory is of days on which nothing happened, as far as the data reach:
// counts are 0 then, and everything else is unknown.
func (w *work) emptyHistory(m *semantic.Metric, last time.Time) []decimal.NullDecimal {
	history := make([]decimal.NullDecimal, historyDays)
	for i := range history {
		at := last.AddDate(0, 0, i+1-historyDays)
		history[i].Valid = counts(m) && w.days.has(at, at.AddDate(0, 0, 1))
	}
	return history
}

// takeDays takes a day's figures from its history.
func (w *work) takeDays() {
	for _, d := range w.documents {
		for i := range d.Figures {
			f := &d.Figures[i]
			f.Value, f.Earlier = f.History[historyDays-1], []decimal.NullDecimal{f.History[historyDays-2], f.History[historyDays-8]}
		}
	}
}

// weeksOfYear leads from a week to the same of the year before, so that weekdays
// stand beside weekdays.
const weeksOfYear = 52

// readPeriods reads a week, the one before, and the one a year ago.
func (w *work) readPeriods(ctx context.Context, names []string, metrics []*semantic.Metric) error {
	for at, weeks := range []int{0, 1, weeksOfYear} {
		start, end := w.start.AddDate(0, 0, -7*weeks), w.end.AddDate(0, 0, -7*weeks)
		for _, d := range w.documents {
			for i := range d.Figures {
				empty := decimal.NullDecimal{Valid: counts(metrics[i]) && w.days.has(start, end)}
				if at == 0 {
					d.Figures[i].Value = empty
				} else {
					d.Figures[i].Earlier = append(d.Figures[i].Earlier, empty)
				}
			}
		}
		if end.Before(w.days.first) { // the data do not reach so far back
			continue
		}
		err := w.readInto(ctx, w.query(start, end, names), names, func(f *Figure, _ row, v decimal.NullDecimal) {
			switch {
			case !w.days.has(start, end) && at > 0: // a part of a week is no week
			case at == 0:
				f.Value = v
			default:
				f.Earlier[at-1] = v
			}
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// readInto hands each figure of each row to its document's.
func (w *work) readInto(ctx context.Context, q semantic.Query, names []string, take func(*Figure, row, decimal.NullDecimal)) error {
	return w.ask(ctx, q, func(r row) error {
		d := w.document(r)
		if d == nil {
			return nil
		}
		for i, name := range names {
			v, err := r.number(name)
			if err != nil {
				return err
			}
			take(&d.Figures[i], r, v)
		}
		return nil
	})
}
