package report

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/console"
)

// Write prints the report: as a page for people (table, markdown), or as data
// (json: the whole document, csv: a row a figure).
func Write(c *console.Console, format string, d *Daily) error {
	switch format {
	case "json":
		return writeJSON(c.Out, d)
	case "csv":
		return c.WriteTable(format, figureData(d))
	case "table", "markdown":
		return writePage(c, format, d)
	}
	return console.CheckFormat(format)
}

// writePage prints the sections one below the other.
func writePage(c *console.Console, format string, d *Daily) error {
	sections := []struct {
		title string
		table console.Table
	}{
		{"", figureTable(c, d)},
		{"Best sellers", productTable(d)},
		{"Conversion funnel", funnelTable(d)},
	}
	fmt.Fprintln(c.Out, heading(c, format, 1, title(d)))
	for _, section := range sections {
		if len(section.table.Rows) == 0 {
			continue
		}
		if section.title != "" {
			fmt.Fprintln(c.Out, "\n"+heading(c, format, 2, section.title))
		}
		if format == "markdown" {
			fmt.Fprintln(c.Out)
		}
		if err := c.WriteTable(format, section.table); err != nil {
			return err
		}
	}
	return nil
}

func heading(c *console.Console, format string, level int, text string) string {
	if format == "markdown" {
		return strings.Repeat("#", level) + " " + text
	}
	return c.Paint(console.Bold, text)
}

func title(d *Daily) string {
	subject := "whole platform"
	if d.Store != nil {
		subject = d.Store.Name
	}
	return fmt.Sprintf("%s · %s · amounts in %s", d.Date.Format("Monday 2006-01-02"), subject, d.Currency)
}

func figureTable(c *console.Console, d *Daily) console.Table {
	t := console.Table{
		Headers: []string{"", "Day", "vs day before", "vs " + d.Date.Weekday().String() + " before", fmt.Sprintf("Last %d days", historyDays)},
		Right:   []bool{false, true, true, true, false},
	}
	for _, f := range d.Figures {
		t.Rows = append(t.Rows, []string{
			label(f.Name),
			amount(f.Unit, f.Value),
			paintChange(c, f, change(f.Unit, f.Value, f.DayBefore)),
			paintChange(c, f, change(f.Unit, f.Value, f.WeekAgo)),
			sparkline(f.History),
		})
	}
	return t
}

// paintChange colours a change by whether it is good.
func paintChange(c *console.Console, f Figure, text string) string {
	switch {
	case text == unknown || strings.Trim(text, "+-0.% p") == "":
		return text
	case strings.HasPrefix(text, "-") == f.GoodDown:
		return c.Paint(console.Good, text)
	}
	return c.Paint(console.Bad, text)
}

func productTable(d *Daily) console.Table {
	t := console.Table{
		Headers: []string{"Product", "Units", "GMV", "Views", "Conversion"},
		Right:   []bool{false, true, true, true, true},
	}
	for _, p := range d.Products {
		t.Rows = append(t.Rows, []string{
			p.Name, console.Count(p.Units), console.Thousands(p.GMV.StringFixed(2)),
			console.Count(p.Views), amount(Rate, p.ConversionRate),
		})
	}
	return t
}

func funnelTable(d *Daily) console.Table {
	t := console.Table{
		Headers: []string{"Step", "Sessions", "of visits", "of step before", ""},
		Right:   []bool{false, true, true, true, false},
	}
	for i, step := range d.Funnel {
		before := d.Funnel[max(i-1, 0)].Sessions
		ofVisits := share(step.Sessions, d.Funnel[0].Sessions)
		width := int(ofVisits.Decimal.Mul(funnelWidth).Ceil().IntPart())
		t.Rows = append(t.Rows, []string{
			label(step.Name), console.Count(step.Sessions),
			amount(Rate, ofVisits), amount(Rate, share(step.Sessions, before)), strings.Repeat("█", width),
		})
	}
	return t
}

// funnelWidth is how many characters the bar of all visits has.
var funnelWidth = decimal.NewFromInt(20)
