package report

import (
	"strings"

	"github.com/shopspring/decimal"
)

// page is a document laid out for one reader: what is said, and in which order.
// How it is drawn is the renderers'.
type page struct {
	language Language
	title    string // what and when
	subject  string // of whom
	note     string // in which currency
	vendor   bool   // it is about one store
	sections []section
	closing  string // what stands below
}

// section is a table with a title.
type section struct {
	title, note string
	headers     []string
	right       []bool
	rows        [][]cell
}

// cell is a text, and what else it shows.
type cell struct {
	text  string
	tone  tone
	line  []decimal.NullDecimal // a value a day
	bar   decimal.NullDecimal   // a share, drawn as a bar
	heat  decimal.NullDecimal   // a share, by which the cell is shaded
	extra bool                  // says what the page's other cells say too: narrow readers do without
}

// tone is whether a text is good news.
type tone int

// The tones.
const (
	plainTone tone = iota
	goodTone
	badTone
)

// lay lays a document out in a language.
func lay(d *Document, l Language) *page {
	p := &page{language: l, title: title(d, l), subject: l.say("platform"), note: l.say("amounts", d.Currency)}
	if d.Store != nil {
		p.subject, p.vendor = d.Store.Name, true
	}
	if d.Kind == Anomalies {
		layAnomalies(d, l, p)
		return p
	}
	for _, s := range []section{
		figureSection(d, l), productSection(d, l), moverSection(d, l), funnelSection(d, l),
		splitSection(l, d.Sources, "by source", "source"), splitSection(l, d.Devices, "by device", "device"), cohortSection(d, l),
	} {
		if len(s.rows) > 0 {
			p.sections = append(p.sections, s)
		}
	}
	if len(p.sections) == 0 {
		p.closing = l.say("nothing")
	}
	return p
}

func title(d *Document, l Language) string {
	last := d.End.AddDate(0, 0, -1)
	switch d.Kind {
	case Weekly:
		return l.say("week of", l.date(d.Start), l.date(last))
	case Funnel:
		return l.say("funnel") + ", " + l.say("days of", l.date(d.Start), l.date(last))
	case Anomalies:
		return l.say("alerts of", l.longDate(d.Start))
	case Cohorts:
		return l.say("months of", l.month(d.Start), l.month(last))
	}
	return l.longDate(d.Start)
}

// comparison names what figures stand beside.
func comparison(d *Document, l Language, name string) string {
	if name == "week_ago" {
		return l.say(name, l.weekday(d.Start))
	}
	return l.say(name)
}

func figureSection(d *Document, l Language) section {
	s := section{title: l.say("figures"), headers: []string{"", l.say(string(d.Kind))}, right: []bool{false, true}}
	for _, name := range comparisons[d.Kind] {
		s.headers, s.right = append(s.headers, comparison(d, l, name)), append(s.right, true)
	}
	s.headers, s.right = append(s.headers, l.say("last days", historyDays)), append(s.right, false)
	for i := range d.Figures {
		f := &d.Figures[i]
		row := []cell{{text: l.metric(f)}, {text: l.amount(f.Unit, f.Value)}}
		for _, before := range f.Earlier {
			row = append(row, changeCell(l, f.Unit, f.GoodDown, f.Value, before))
		}
		s.rows = append(s.rows, append(row, cell{line: f.History, extra: true}))
	}
	return s
}

// changeCell is a change, and whether it is good.
func changeCell(l Language, unit Unit, down bool, now, before decimal.NullDecimal) cell {
	c := cell{text: l.change(unit, now, before)}
	switch {
	case strings.IndexFunc(c.text, func(r rune) bool { return r >= '1' && r <= '9' }) < 0: // unknown, or no change to be seen
	case strings.HasPrefix(c.text, "-") == down:
		c.tone = goodTone
	default:
		c.tone = badTone
	}
	return c
}

func productSection(d *Document, l Language) section {
	s := section{
		title:   l.say("best sellers"),
		headers: []string{l.say("product"), l.say("units"), l.say("gmv"), l.say("views"), l.say("conversion")},
		right:   []bool{false, true, true, true, true},
	}
	for _, p := range d.Products {
		s.rows = append(s.rows, []cell{
			{text: p.Name}, {text: l.count(p.Units)}, {text: l.decimal(p.GMV, 2)}, {text: l.count(p.Views), extra: true}, {text: l.amount(Rate, p.ConversionRate), extra: true},
		})
	}
	return s
}

func moverSection(d *Document, l Language) section {
	name := l.say("product")
	if d.Store == nil {
		name = l.say("store")
	}
	s := section{
		title:   l.say("movers"),
		headers: []string{name, l.say("gmv"), l.say("before"), l.say("change")}, right: []bool{false, true, true, true},
	}
	for _, m := range d.Movers {
		c := changeCell(l, Money, false, decimal.NewNullDecimal(m.GMV), decimal.NewNullDecimal(m.GMVBefore))
		s.rows = append(s.rows, []cell{{text: m.Name}, {text: l.decimal(m.GMV, 2)}, {text: l.decimal(m.GMVBefore, 2)}, c})
	}
	return s
}

func funnelSection(d *Document, l Language) section {
	s := section{
		title:   l.say("conversion funnel"),
		headers: []string{l.say("step"), l.say("sessions"), l.say("of visits"), l.say("of step before"), l.say("lost"), ""},
		right:   []bool{false, true, true, true, true, false},
	}
	for i, step := range d.Funnel {
		before := d.Funnel[max(i-1, 0)].Sessions
		ofVisits := share(step.Sessions, d.Funnel[0].Sessions)
		s.rows = append(s.rows, []cell{
			{text: l.step(step.Name)}, {text: l.count(step.Sessions)}, {text: l.amount(Rate, ofVisits)},
			{text: l.amount(Rate, share(step.Sessions, before)), extra: true}, {text: l.count(before - step.Sessions), extra: true}, {bar: ofVisits},
		})
	}
	return s
}

// splitSection shows for each value how many visit, and what share reaches each step.
func splitSection(l Language, splits []Split, title, header string) section {
	s := section{title: l.say(title), headers: []string{l.say(header)}, right: []bool{false}}
	for i, split := range splits {
		value := split.Value
		if value == "" {
			value = l.say("unknown value")
		}
		row := []cell{{text: value}}
		for k, step := range split.Steps {
			if i == 0 {
				s.headers, s.right = append(s.headers, l.step(step.Name)), append(s.right, true)
			}
			if k == 0 {
				row = append(row, cell{text: l.count(step.Sessions)})
				continue
			}
			reached := share(step.Sessions, split.Steps[0].Sessions)
			row = append(row, cell{text: l.amount(Rate, reached), heat: reached})
		}
		s.rows = append(s.rows, row)
	}
	return s
}

// cohortSection is a triangle: a row a cohort, a column a month since.
func cohortSection(d *Document, l Language) section {
	s := section{note: l.say("retention"), headers: []string{l.say("cohort"), l.say("customers")}, right: []bool{false, true}}
	most := 0
	for _, c := range d.Cohorts {
		most = max(most, len(c.Retained))
	}
	for k := 1; k < most; k++ { // in the month of the first order all of them order
		s.headers, s.right = append(s.headers, "+"+l.count(int64(k))), append(s.right, true)
	}
	for _, c := range d.Cohorts {
		row := []cell{{text: l.month(c.Month)}, {text: l.count(c.Users)}}
		for k := 1; k < most; k++ {
			one := cell{}
			if k < len(c.Retained) {
				one.heat = share(c.Retained[k], c.Users)
				one.text = l.amount(Rate, one.heat)
			}
			row = append(row, one)
		}
		s.rows = append(s.rows, row)
	}
	return s
}
