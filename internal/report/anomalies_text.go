package report

import (
	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/console"
)

// WriteAnomalies prints the report: as a page for people (table, markdown, html), in their
// language, or as data (json: the whole document, csv: a row an alert).
func WriteAnomalies(c *console.Console, format string, r *Anomalies, l Language) error {
	switch format {
	case "json":
		return writeAnomaliesJSON(c, r)
	case "csv":
		return c.WriteTable(format, alertData(r))
	case "table", "markdown":
		return writePage(c, format, layAnomalies(r, l))
	case "html":
		return writeHTML(c.Out, layAnomalies(r, l), nil)
	}
	return CheckFormat(format)
}

// layAnomalies lays the report out in a language.
func layAnomalies(r *Anomalies, l Language) *page {
	p := &page{language: l, title: l.longDate(r.Date), subject: l.say("platform and stores"), note: l.say("amounts", r.Currency), closing: verdict(r, l)}
	if r.Store != nil {
		p.subject, p.vendor = r.Store.Name, true
	}
	for _, s := range []section{alertSection(r, l, "", r.Alerts), alertSection(r, l, l.say("going on"), r.Continuing)} {
		if len(s.rows) > 0 {
			p.sections = append(p.sections, s)
		}
	}
	return p
}

// verdict says in a sentence what was looked at and found.
func verdict(r *Anomalies, l Language) string {
	found := len(r.Alerts) + len(r.Continuing)
	switch {
	case r.Holiday:
		return l.say("holiday")
	case r.Tested == 0:
		return l.say("untested")
	case found == 0:
		return l.say("as expected", l.count(int64(r.Tested)))
	}
	return l.say("not as expected", l.count(int64(found)), l.count(int64(r.Tested)))
}

// alertSection has a row an alert. Those of one store do not repeat its name.
func alertSection(r *Anomalies, l Language, title string, alerts []Alert) section {
	s := section{
		title:   title,
		headers: []string{l.say("store"), l.say("figure"), l.say("daily"), l.say("expected"), l.say("usual range"), l.say("change"), l.say("since")},
		right:   []bool{false, false, true, true, true, true, false},
	}
	first := 0
	if r.Store != nil {
		first = 1
	}
	s.headers, s.right = s.headers[first:], s.right[first:]
	for i := range alerts {
		a := &alerts[i]
		store := l.say("the platform")
		if a.Store != nil {
			store = a.Store.Name
		}
		write := func(d decimal.Decimal) string { return l.amount(a.Unit, decimal.NewNullDecimal(d)) }
		row := []cell{
			{text: store}, {text: l.metric(&Figure{Name: a.Metric})}, {text: write(a.Value)}, {text: write(a.Expected)}, {text: l.say("range", write(a.Low), write(a.High)), extra: true},
			changeCell(l, a.Unit, a.GoodDown, decimal.NewNullDecimal(a.Value), decimal.NewNullDecimal(a.Expected)), {text: l.shortDate(a.Since), extra: true},
		}
		s.rows = append(s.rows, row[first:])
	}
	return s
}
