package verify

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Difference is a figure of a day that is not the same on both sides. Figures are
// decimals, written in full.
type Difference struct {
	Day    string `json:"day"`
	Figure string `json:"figure"`
	From   string `json:"from"`
	To     string `json:"to"`
}

// Finding is what a comparison has found.
type Finding struct {
	Table       string       `json:"table"`
	From        Place        `json:"from"`
	To          Place        `json:"to"`
	Figures     []string     `json:"figures"`
	Days        int          `json:"days"` // that either side has something of
	Differences []Difference `json:"differences"`
	Advice      string       `json:"advice,omitempty"`
}

// days are figures by day.
type days map[string][]decimal.Decimal

// add takes a day and its figures.
func (d days) add(row []string) error {
	figures := make([]decimal.Decimal, len(row)-1)
	for i, text := range row[1:] {
		var err error
		if figures[i], err = decimal.NewFromString(text); err != nil {
			return fmt.Errorf("figure %q of %s: %w", text, row[0], err)
		}
	}
	d[row[0]] = figures
	return nil
}

// split parts what one query has counted of both sides.
func (d days) split(figures int) (from, to days) {
	from, to = days{}, days{}
	for day, all := range d {
		from[day], to[day] = all[:figures], all[figures:]
	}
	return from, to
}

// compare names the days that differ, in their order. A day that a side lacks is zeros.
func compare(c *Check, from, to days) Finding {
	f := Finding{Table: c.Table, From: c.From, To: c.To, Figures: c.Figures, Differences: []Difference{}}
	var all []string
	for day := range from {
		all = append(all, day)
	}
	for day := range to {
		if _, both := from[day]; !both {
			all = append(all, day)
		}
	}
	slices.Sort(all)
	f.Days = len(all)
	zeros := make([]decimal.Decimal, len(c.Figures))
	for _, day := range all {
		a, b := from[day], to[day]
		if a == nil {
			a = zeros
		}
		if b == nil {
			b = zeros
		}
		for i, name := range c.Figures {
			if !a[i].Equal(b[i]) {
				f.Differences = append(f.Differences, Difference{day, name, a[i].String(), b[i].String()})
			}
		}
	}
	f.Advice = advice(c.Advice, f.Differences)
	return f
}

// advice puts the days that differ into a check's advice; "" where none does.
func advice(text string, differences []Difference) string {
	if len(differences) == 0 {
		return ""
	}
	first, last := differences[0].Day, differences[len(differences)-1].Day
	if end, err := time.Parse(time.DateOnly, last); err == nil {
		last = end.AddDate(0, 0, 1).Format(time.DateOnly)
	}
	return strings.NewReplacer("{from}", first, "{to}", last).Replace(text)
}

// both keeps the differences of days that an earlier look has found, too.
func (f *Finding) both(c *Check, earlier *Finding) {
	f.Differences = slices.DeleteFunc(f.Differences, func(d Difference) bool {
		return !slices.ContainsFunc(earlier.Differences, func(e Difference) bool { return d.Day == e.Day && d.Figure == e.Figure })
	})
	f.Advice = advice(c.Advice, f.Differences)
}
