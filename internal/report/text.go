package report

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/console"
)

// Formats are what a report can be written as.
var Formats = append(slices.Clone(console.Formats), "html")

// CheckFormat gives an error that lists the formats unless format is one.
func CheckFormat(format string) error {
	if slices.Contains(Formats, format) {
		return nil
	}
	return fmt.Errorf("unknown --output %q: use one of %s", format, strings.Join(Formats, ", "))
}

// Write prints a report: as a page for people (table, markdown, html), in their
// language, or as data (json: the whole document, csv: its figures or rows).
func Write(c *console.Console, format string, d *Document, l Language) error {
	switch format {
	case "json":
		return writeJSON(c.Out, d)
	case "csv":
		return c.WriteTable(format, rowsOf(d))
	case "table", "markdown":
		return writePage(c, format, lay(d, l))
	case "html":
		return HTML(c.Out, d, l)
	}
	return CheckFormat(format)
}

// Text writes a report as plain text, for readers of mail that show no HTML.
func Text(w io.Writer, d *Document, l Language) error {
	return writePage(&console.Console{Out: w}, "table", lay(d, l))
}

// Title says what a report is of, and of whom: the subject of a message.
func Title(d *Document, l Language) string {
	p := lay(d.Heading(), l)
	return plainText(p.subject) + " · " + p.title
}

// writePage prints the sections one below the other.
func writePage(c *console.Console, format string, p *page) error {
	subject := plainText(p.subject)
	if format == "markdown" {
		subject = noMarkup().Replace(subject)
	}
	fmt.Fprintln(c.Out, heading(c, format, 1, p.title+" · "+subject+" · "+p.note))
	for _, s := range p.sections {
		if s.title != "" {
			fmt.Fprintln(c.Out, "\n"+heading(c, format, 2, s.title))
		}
		if s.note != "" {
			fmt.Fprintln(c.Out, "\n"+s.note)
		}
		if format == "markdown" {
			fmt.Fprintln(c.Out)
		}
		if err := c.WriteTable(format, s.table(c, format)); err != nil {
			return err
		}
	}
	if p.closing != "" {
		fmt.Fprintln(c.Out, "\n"+p.closing)
	}
	return nil
}

// table turns what cells show into characters.
func (s section) table(c *console.Console, format string) console.Table {
	t := console.Table{Headers: s.headers, Right: s.right}
	for _, row := range s.rows {
		var texts []string
		for _, one := range row {
			text := plainText(one.text)
			if format == "markdown" {
				text = noMarkup().Replace(text)
			}
			switch {
			case one.line != nil:
				text = sparkline(one.line)
			case one.bar.Valid && text == "":
				text = strings.Repeat("█", int(one.bar.Decimal.Mul(barWidth).Ceil().IntPart()))
			default:
				text = paint(c, cell{text: text, tone: one.tone})
			}
			texts = append(texts, text)
		}
		t.Rows = append(t.Rows, texts)
	}
	return t
}

// paint colours a text by whether it is good news.
func paint(c *console.Console, one cell) string {
	switch one.tone {
	case goodTone:
		return c.Paint(console.Good, one.text)
	case badTone:
		return c.Paint(console.Bad, one.text)
	}
	return one.text
}

// barWidth is how many characters the bar of a whole has.
var barWidth = decimal.NewFromInt(20)

// noMarkup keeps names from being read as HTML, which Markdown may hold.
var noMarkup = sync.OnceValue(func() *strings.Replacer { return strings.NewReplacer("&", "&amp;", "<", "&lt;") })

// plainText takes from a name what would move the terminal's cursor or begin a line.
func plainText(text string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || r >= 0x80 && r < 0xa0 {
			return ' '
		}
		return r
	}, text)
}

func heading(c *console.Console, format string, level int, text string) string {
	if format == "markdown" {
		return strings.Repeat("#", level) + " " + text
	}
	return c.Paint(console.Bold, text)
}

// sparkline draws values as bars between 0 (or the least, where it is below)
// and the greatest; a day without a value is a blank.
func sparkline(values []decimal.NullDecimal) string {
	bars := []rune("▁▂▃▄▅▆▇█")
	low, high := bounds(values)
	out := make([]rune, len(values))
	for i, v := range values {
		out[i] = ' '
		if v.Valid {
			level := 0
			if high > low {
				level = int((v.Decimal.InexactFloat64() - low) / (high - low) * float64(len(bars)-1))
			}
			out[i] = bars[level]
		}
	}
	return string(out)
}

// bounds are the least and the greatest value, 0 among them.
func bounds(values []decimal.NullDecimal) (low, high float64) {
	for _, v := range values {
		if v.Valid {
			f := v.Decimal.InexactFloat64()
			low, high = min(low, f), max(high, f)
		}
	}
	return low, high
}

// Lines is a report in a few lines, for a message: each figure with its change, how many
// sessions reach each step, or what was not as expected.
func Lines(d *Document, l Language) []string {
	if d.Findings != nil {
		return alertLines(d, l)
	}
	var lines []string
	for i := range d.Figures {
		f := &d.Figures[i]
		line := l.metric(f) + ": " + l.amount(f.Unit, f.Value)
		if c := l.change(f.Unit, f.Value, f.Earlier[0]); c != unknown {
			line += " (" + c + " " + l.say(comparisons[d.Kind][0]) + ")"
		}
		lines = append(lines, line)
	}
	if d.Kind == Funnel {
		for _, step := range d.Funnel {
			lines = append(lines, l.step(step.Name)+": "+l.count(step.Sessions))
		}
	}
	for _, c := range d.Cohorts {
		line := l.month(c.Month) + ": " + l.count(c.Users)
		for k := 1; k < len(c.Retained); k++ {
			line += ", +" + l.count(int64(k)) + " " + l.amount(Rate, share(c.Retained[k], c.Users))
		}
		lines = append(lines, line)
	}
	return lines
}
