package report

import "fmt"

// section writes a table with its title.
func (p *htmlPage) section(s section) {
	if s.title != "" {
		p.heading(s.title)
	}
	if s.note != "" {
		p.write(`<p class="faint" style="margin:12px 0 6px;%s">%s</p>`+"\n", htmlFaint, s.note)
	}
	wide := ""
	if len(s.headers) > 8 {
		wide = ";font-size:11px" // months of cohorts
	}
	p.write(`<div style="overflow-x:auto"><table class="wide" width="100%%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;margin-top:10px%s"><tr>`, wide)
	for i, header := range s.headers {
		p.write(`<th align="%s"%s style="padding:5px 6px;font-weight:600;vertical-align:bottom;%s;%s">%s</th>`, s.align(i), s.classes(i, " faint"), htmlLine, htmlFaint, header)
	}
	p.out.WriteString("</tr>\n")
	for _, row := range s.rows {
		p.out.WriteString("<tr>")
		for i, c := range row {
			p.write(`<td align="%s"%s%s style="padding:5px 6px;%s;%s%s">`, s.align(i), s.classes(i, ""), widthOf(c), s.wrap(i), htmlLine, heatOf(c))
			p.cell(c)
			p.out.WriteString("</td>")
		}
		p.out.WriteString("</tr>\n")
	}
	p.out.WriteString("</table></div>\n")
}

func (s section) align(i int) string {
	if s.right[i] {
		return "right"
	}
	return "left"
}

// classes are a column's, as an attribute: narrow screens do without what is extra.
func (s section) classes(i int, more markup) markup {
	if s.rows[0][i].extra {
		more += " extra"
	}
	return ` class="line` + more + `"`
}

// wrap keeps figures in one line, and names within the page.
func (s section) wrap(i int) markup {
	if s.right[i] {
		return "white-space:nowrap"
	}
	return "overflow-wrap:break-word"
}

// markup is a piece of the page itself, which is not escaped.
type markup string

// widthOf keeps room for bars.
func widthOf(c cell) markup {
	if c.bar.Valid {
		return ` width="28%"`
	}
	return ""
}

// heatOf shades a cell by its share: half of all is as dark as it gets, so that texts stay
// readable.
func heatOf(c cell) markup {
	if !c.heat.Valid {
		return ""
	}
	strength := min(c.heat.Decimal.InexactFloat64(), 1) * 0.5
	return markup(fmt.Sprintf(";background:rgba(47,95,208,%.2f)", strength))
}

func (p *htmlPage) cell(c cell) {
	switch {
	case c.line != nil:
		p.sparkline(c.line)
	case c.bar.Valid:
		p.write(`<div class="bar" style="height:10px;min-width:1px;border-radius:2px;background:%s;width:%s%%"></div>`,
			htmlBlue, c.bar.Decimal.Shift(2).Round(1).String())
	default:
		p.tone(c)
	}
}
