package report

import (
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// sparkline draws a value a day in a line. Days that are not known leave a gap.
func (p *htmlPage) sparkline(values []decimal.NullDecimal) {
	const width, height = 84, 20
	p.write(`<svg width="%d" height="%d" viewBox="0 0 %d %d" aria-hidden="true">`, width, height, width, height)
	p.line(values, width, height, 1.5)
	p.out.WriteString("</svg>")
}

// line draws values between 0, or the least, and the greatest.
func (p *htmlPage) line(values []decimal.NullDecimal, width, height, stroke float64) {
	low, high := bounds(values)
	var path strings.Builder
	pen := "M"
	for i, v := range values {
		if !v.Valid {
			pen = "M"
			continue
		}
		x, y := float64(i)/float64(max(len(values)-1, 1))*(width-4)+2, height-2
		if high > low {
			y = height - 2 - (v.Decimal.InexactFloat64()-low)/(high-low)*(height-4)
		}
		fmt.Fprintf(&path, "%s%.1f %.1f", pen, x, y)
		pen = "L"
	}
	if path.Len() > 0 {
		p.write(`<path class="stroke" d="%s" fill="none" stroke="%s" stroke-width="%.1f" stroke-linejoin="round" stroke-linecap="round"/>`, path.String(), htmlBlue, stroke)
	}
}

// chart draws the first figure as bars, a day each; of a week the days before it are paler.
func (p *htmlPage) chart(d *Document) {
	const width, height = 700.0, 120.0
	f := &d.Figures[0]
	_, high := bounds(f.History)
	p.write(`<svg width="100%%" viewBox="0 0 %.0f %.0f" role="img" style="display:block;max-width:%.0fpx"><title>%s</title>`, width, height, width, p.language.metric(f))
	step, first := width/historyDays, historyDays-int(d.End.Sub(d.Start).Hours()/24)
	for i, v := range f.History {
		if !v.Valid || high == 0 {
			continue
		}
		tall, opacity := max(v.Decimal.InexactFloat64()/high, 0)*(height-4), 0.35
		if i >= first {
			opacity = 1
		}
		p.write(`<rect class="area" x="%.1f" y="%.1f" width="%.1f" height="%.1f" rx="2" fill="%s" fill-opacity="%.2f"><title>%s: %s</title></rect>`,
			float64(i)*step+3, height-tall, step-6, tall, htmlBlue, opacity, p.language.shortDate(d.End.AddDate(0, 0, i-historyDays)), p.language.amount(f.Unit, v))
	}
	p.out.WriteString("</svg>\n")
}
