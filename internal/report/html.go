package report

import (
	"fmt"
	"html"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"
)

// HTML writes a report as one page that needs nothing else, and that programs for mail show
// too: tables lay it out, each element carries its own style, and there is no script. What
// such a program leaves out (the drawings, the style of dark screens and of narrow ones)
// says nothing that the tables do not say.
func HTML(w io.Writer, d *Document, l Language) error {
	return writeHTML(w, lay(d, l), func(p *htmlPage) {
		p.cards(d)
		p.days(d)
	})
}

// writeHTML writes a page, with what more there is below its head.
func writeHTML(w io.Writer, laid *page, more func(*htmlPage)) error {
	p := &htmlPage{page: laid}
	p.head()
	if more != nil {
		more(p)
	}
	for _, s := range p.sections {
		p.section(s)
	}
	if p.closing != "" {
		p.write(`<p style="margin:16px 0">%s</p>`, p.closing)
	}
	p.foot()
	_, err := io.WriteString(w, p.out.String())
	return err
}

// htmlPage is a page on its way. What it writes is markup; texts are escaped by write.
type htmlPage struct {
	*page
	out strings.Builder
}

// write fills the places of a piece of markup with texts, escaped, and numbers.
func (p *htmlPage) write(markup string, args ...any) {
	for i, arg := range args {
		if text, ok := arg.(string); ok {
			args[i] = html.EscapeString(plainText(text))
		}
	}
	fmt.Fprintf(&p.out, markup, args...)
}

// The colours of a light screen; dark ones have theirs in the head, by class.
const (
	htmlFaint = "color:#5b6472"
	htmlGood  = "color:#0a7a3d"
	htmlBad   = "color:#b3261e"
	htmlLine  = "border-bottom:1px solid #e4e7ec"
	htmlBlue  = "#2f5fd0"
)

// htmlHead begins the page. Styles in a block are for what inline ones cannot say.
const htmlHead = `<!DOCTYPE html>
<html lang="%s"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark"><title>%s</title>
<style>
:root{color-scheme:light dark}
@media (max-width:600px){.extra{display:none!important}.edge{padding:8px!important}.pad{padding:14px!important}.wide{font-size:11px!important}.wide th,.wide td{padding:5px 3px!important}}
@media (prefers-color-scheme:dark){body,.page{background:#12151b!important;color:#e6e9ef!important}.box{background:#1b2029!important}
.faint{color:#9aa4b4!important}.good{color:#4cc38a!important}.bad{color:#ff8f85!important}.line{border-color:#2c333f!important}
.stroke{stroke:#7aa2ff!important}.area{fill:#7aa2ff!important}.bar{background:#7aa2ff!important}}
@media print{.page{padding:0!important}}
</style></head>
<body style="margin:0;padding:0;background:#f4f6f9;color:#1a2230;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:14px;line-height:1.45">
<table role="presentation" class="page" width="100%%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed;background:#f4f6f9"><tr><td align="center" class="edge" style="padding:24px">
<table role="presentation" class="box" width="100%%" cellpadding="0" cellspacing="0" border="0" style="table-layout:fixed;max-width:760px;background:#ffffff;border-radius:10px"><tr><td class="pad" style="padding:28px">
<h1 style="margin:0;font-size:22px;line-height:1.25;overflow-wrap:anywhere">%s</h1>
<p class="faint" style="margin:4px 0 0;%s">%s · %s</p>
`

func (p *htmlPage) head() {
	p.write(htmlHead, string(p.language), p.subject+" · "+p.title, capital(p.subject), htmlFaint, p.title, p.note)
}

// capital begins a title.
func capital(text string) string {
	first, size := utf8.DecodeRuneInString(text)
	return string(unicode.ToUpper(first)) + text[size:]
}

func (p *htmlPage) foot() {
	why := "made for admin"
	if p.vendor {
		why = "made by"
	}
	p.write(`<p class="faint" style="margin:28px 0 0;font-size:12px;%s">%s</p>`+"\n</td></tr></table>\n</td></tr></table>\n</body></html>\n", htmlFaint, p.language.say(why))
}

// cardFigures are how many figures stand large at the top.
const cardFigures = 4

func (p *htmlPage) cards(d *Document) {
	if len(d.Figures) < cardFigures {
		return
	}
	p.out.WriteString(`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin-top:18px">`)
	for i := range d.Figures[:cardFigures] {
		f := &d.Figures[i]
		if i%2 == 0 {
			p.out.WriteString("<tr>")
		}
		p.write(`<td width="50%%" valign="top" style="padding:8px 12px 8px 0"><div class="faint" style="font-size:12px;%s">%s</div><div style="font-size:22px;font-weight:600">%s</div>`,
			htmlFaint, p.language.metric(f), p.language.amount(f.Unit, f.Value))
		for k, name := range comparisons[d.Kind] {
			c := changeCell(p.language, f.Unit, f.GoodDown, f.Value, f.Earlier[k])
			p.out.WriteString(`<div style="font-size:12px">`)
			p.tone(c)
			p.write(` <span class="faint" style="%s">%s</span></div>`, htmlFaint, comparison(d, p.language, name))
		}
		p.out.WriteString("</td>")
		if i%2 == 1 {
			p.out.WriteString("</tr>\n")
		}
	}
	p.out.WriteString("</table>\n")
}

// tone writes a text in its colour.
func (p *htmlPage) tone(c cell) {
	switch c.tone {
	case goodTone:
		p.write(`<span class="good" style="%s">%s</span>`, htmlGood, c.text)
	case badTone:
		p.write(`<span class="bad" style="%s">%s</span>`, htmlBad, c.text)
	default:
		p.write("%s", c.text)
	}
}

// days draws the first figure by day, and lists the first two for the last seven.
func (p *htmlPage) days(d *Document) {
	if len(d.Figures) < cardFigures {
		return
	}
	p.heading(p.language.say("chart of", p.language.metric(&d.Figures[0])))
	p.chart(d)
	p.out.WriteString(`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;margin-top:6px">`)
	p.write(`<tr><th align="left" class="line faint" style="padding:4px 6px;%s;%s">%s</th>`, htmlLine, htmlFaint, p.language.say("day"))
	for i := range d.Figures[:2] {
		p.write(`<th align="right" class="line faint" style="padding:4px 6px;%s;%s">%s</th>`, htmlLine, htmlFaint, p.language.metric(&d.Figures[i]))
	}
	p.out.WriteString("</tr>\n")
	for back := 6; back >= 0; back-- {
		p.write(`<tr><td class="line" style="padding:4px 6px;%s">%s</td>`, htmlLine, p.language.shortDate(d.End.AddDate(0, 0, -1-back)))
		for i := range d.Figures[:2] {
			f := &d.Figures[i]
			p.write(`<td align="right" class="line" style="padding:4px 6px;%s">%s</td>`, htmlLine, p.language.amount(f.Unit, f.History[historyDays-1-back]))
		}
		p.out.WriteString("</tr>\n")
	}
	p.out.WriteString("</table>\n")
}

func (p *htmlPage) heading(text string) {
	p.write(`<h2 style="margin:26px 0 6px;font-size:16px">%s</h2>`+"\n", text)
}
