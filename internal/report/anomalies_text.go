package report

import (
	"github.com/shopspring/decimal"
)

// layAnomalies lays what was not as expected out in a language.
func layAnomalies(d *Document, l Language, p *page) {
	f := d.Findings
	if d.Store == nil {
		p.subject = l.say("platform and stores")
	}
	if f == nil { // a heading
		return
	}
	p.closing = verdict(f, l)
	for _, s := range []section{alertSection(d, l, "", f.Alerts), alertSection(d, l, l.say("going on"), f.Continuing)} {
		if len(s.rows) > 0 {
			p.sections = append(p.sections, s)
		}
	}
}

// verdict says in a sentence what was looked at and found, and in another what is not listed.
func verdict(f *Findings, l Language) string {
	found := len(f.Alerts) + len(f.Continuing) + f.More
	switch {
	case f.Holiday:
		return l.say("holiday")
	case f.Tested == 0:
		return l.say("untested")
	case found == 0:
		return l.say("as expected", l.count(int64(f.Tested)))
	}
	text := l.say("not as expected", l.count(int64(found)), l.count(int64(f.Tested)))
	if f.More > 0 {
		text += " " + l.say("more alerts", l.count(int64(f.More)))
	}
	return text
}

// alertSection has a row an alert. Those of one store do not repeat its name.
func alertSection(d *Document, l Language, title string, alerts []Alert) section {
	s := section{
		title:   title,
		headers: []string{l.say("store"), l.say("figure"), l.say("daily"), l.say("expected"), l.say("usual range"), l.say("change"), l.say("since")},
		right:   []bool{false, false, true, true, true, true, false},
	}
	first := 0
	if d.Store != nil {
		first = 1
	}
	s.headers, s.right = s.headers[first:], s.right[first:]
	for i := range alerts {
		a := &alerts[i]
		row := []cell{
			{text: a.subject(l)}, {text: l.metric(&Figure{Name: a.Metric})}, {text: a.write(l, a.Value)}, {text: a.write(l, a.Expected)},
			{text: l.say("range", a.write(l, a.Low), a.write(l, a.High)), extra: true},
			changeCell(l, a.Unit, a.GoodDown, decimal.NewNullDecimal(a.Value), decimal.NewNullDecimal(a.Expected)), {text: l.shortDate(a.Since), extra: true},
		}
		s.rows = append(s.rows, row[first:])
	}
	return s
}

// subject says whose figure it is.
func (a *Alert) subject(l Language) string {
	if a.Store == nil {
		return l.say("the platform")
	}
	return a.Store.Name
}

func (a *Alert) write(l Language, v decimal.Decimal) string {
	return l.amount(a.Unit, decimal.NewNullDecimal(v))
}

// alertLines are alerts in a line each, for a message.
func alertLines(d *Document, l Language) (lines []string) {
	for i := range d.Findings.Alerts {
		a := &d.Findings.Alerts[i]
		line := l.metric(&Figure{Name: a.Metric}) + ": " + l.say("expected to be", a.write(l, a.Value), a.write(l, a.Expected))
		if c := a.Change(); c.Valid {
			line += " (" + l.change(a.Unit, decimal.NewNullDecimal(a.Value), decimal.NewNullDecimal(a.Expected)) + ")"
		}
		if d.Store == nil {
			line = a.subject(l) + ", " + line
		}
		lines = append(lines, line)
	}
	return append(lines, verdict(d.Findings, l))
}
