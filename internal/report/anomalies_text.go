package report

import (
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/console"
)

// WriteAnomalies prints the report: as a page for people (table, markdown), or
// as data (json: the whole document, csv: a row an alert).
func WriteAnomalies(c *console.Console, format string, r *Anomalies) error {
	switch format {
	case "json":
		return writeAnomaliesJSON(c, r)
	case "csv":
		return c.WriteTable(format, alertData(r))
	case "table", "markdown":
		return writeAnomaliesPage(c, format, r)
	}
	return console.CheckFormat(format)
}

func writeAnomaliesPage(c *console.Console, format string, r *Anomalies) error {
	subject := "platform and stores"
	if r.Store != nil {
		subject = r.Store.Name
	}
	fmt.Fprintln(c.Out, heading(c, format, 1, fmt.Sprintf("%s · %s · amounts in %s", r.Date.Format("Monday 2006-01-02"), subject, r.Currency)))
	for _, section := range []struct {
		title  string
		alerts []Alert
	}{{"", r.Alerts}, {"Reported before, and going on", r.Continuing}} {
		if len(section.alerts) == 0 {
			continue
		}
		if section.title != "" {
			fmt.Fprintln(c.Out, "\n"+heading(c, format, 2, section.title))
		}
		if format == "markdown" {
			fmt.Fprintln(c.Out)
		}
		if err := c.WriteTable(format, alertTable(c, r, section.alerts)); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(c.Out, "\n"+verdict(r))
	return err
}

// verdict says in a sentence what was looked at and found.
func verdict(r *Anomalies) string {
	switch {
	case r.Holiday:
		return "The day is one of the holidays that the project lists: it is left out."
	case r.Tested == 0:
		return "Nothing could be looked at: it takes 7 to 12 weeks of days before, and 10 orders or visits on each."
	case len(r.Alerts)+len(r.Continuing) == 0:
		return fmt.Sprintf("All of the %d figures that were looked at are as expected.", r.Tested)
	}
	return fmt.Sprintf("%d of the %d figures that were looked at are not as expected.", len(r.Alerts)+len(r.Continuing), r.Tested)
}

func alertTable(c *console.Console, r *Anomalies, alerts []Alert) console.Table {
	t := console.Table{
		Headers: []string{"Store", "Figure", "Day", "Expected", "Usual range", "Change", "Since"},
		Right:   []bool{false, false, true, true, true, true, false},
	}
	for i := range alerts {
		a := &alerts[i]
		store := "Platform"
		if a.Store != nil {
			store = a.Store.Name
		}
		write := func(d decimal.Decimal) string { return English.amount(a.Unit, decimal.NewNullDecimal(d)) }
		row := []string{
			store, label(a.Metric), write(a.Value), write(a.Expected), write(a.Low) + " to " + write(a.High),
			paint(c, changeCell(English, a.Unit, a.GoodDown, decimal.NewNullDecimal(a.Value), decimal.NewNullDecimal(a.Expected))),
			a.Since.Format("Jan 2"),
		}
		t.Rows = append(t.Rows, row)
	}
	if r.Store != nil { // each row would repeat its name
		t.Headers, t.Right = t.Headers[1:], t.Right[1:]
		for i := range t.Rows {
			t.Rows[i] = t.Rows[i][1:]
		}
	}
	return t
}
