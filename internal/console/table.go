package console

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/olekukonko/tablewriter"
	"github.com/olekukonko/tablewriter/renderer"
	"github.com/olekukonko/tablewriter/tw"
)

// Formats are what --output takes.
var Formats = []string{"table", "json", "csv", "markdown"}

// Table is rows for a reader: Headers name the columns, Right says which
// stand to the right, as figures do.
type Table struct {
	Headers []string
	Right   []bool
	Rows    [][]string
}

// CheckFormat gives an error that lists the formats unless format is one.
func CheckFormat(format string) error {
	for _, known := range Formats {
		if format == known {
			return nil
		}
	}
	return fmt.Errorf("unknown --output %q: use one of %s", format, strings.Join(Formats, ", "))
}

// WriteTable prints t to Out in format. JSON is an array of objects whose
// values are the cells' text; a caller that has typed values writes its own.
func (c *Console) WriteTable(format string, t Table) error {
	switch format {
	case "table":
		return c.drawTable(t, renderer.NewBlueprint(rendition()))
	case "markdown":
		return c.drawTable(escapePipes(t), renderer.NewMarkdown())
	case "csv":
		return writeCSV(c.Out, t)
	case "json":
		return writeJSON(c.Out, t)
	}
	return CheckFormat(format)
}

// rendition is a table without a frame: a line below the header and space
// between columns, so that it can be copied and fits narrow terminals.
func rendition() tw.Rendition {
	return tw.Rendition{
		Borders: tw.BorderNone,
		Symbols: tw.NewSymbols(tw.StyleLight),
		Settings: tw.Settings{
			Separators: tw.Separators{BetweenColumns: tw.Off, BetweenRows: tw.Off},
			Lines:      tw.Lines{ShowTop: tw.Off, ShowBottom: tw.Off, ShowHeaderLine: tw.On, ShowFooterLine: tw.Off},
		},
	}
}

func (c *Console) drawTable(t Table, with tw.Renderer) error {
	align := make([]tw.Align, len(t.Headers))
	for i := range align {
		align[i] = tw.AlignLeft
		if i < len(t.Right) && t.Right[i] {
			align[i] = tw.AlignRight
		}
	}
	options := []tablewriter.Option{
		tablewriter.WithRenderer(with),
		tablewriter.WithHeaderAutoFormat(tw.Off),
		tablewriter.WithHeaderAutoWrap(tw.WrapNone),
		tablewriter.WithRowAutoWrap(tw.WrapNone),
		tablewriter.WithTrimSpace(tw.Off),
		tablewriter.WithAlignment(align),
	}
	t = fit(t, c.Width)
	table := tablewriter.NewTable(c.Out, options...)
	table.Header(t.Headers)
	if err := table.Bulk(t.Rows); err != nil {
		return fmt.Errorf("draw table: %w", err)
	}
	return table.Render()
}

// escapePipes keeps a cell's own bars from ending it.
func escapePipes(t Table) Table {
	rows := make([][]string, len(t.Rows))
	for i, row := range t.Rows {
		rows[i] = make([]string, len(row))
		for j, cell := range row {
			rows[i][j] = strings.ReplaceAll(cell, "|", `\|`)
		}
	}
	t.Rows = rows
	return t
}

func writeCSV(w io.Writer, t Table) error {
	out := csv.NewWriter(w)
	if err := out.Write(t.Headers); err != nil {
		return err
	}
	return out.WriteAll(t.Rows)
}

func writeJSON(w io.Writer, t Table) error {
	var b strings.Builder
	b.WriteString("[")
	for i, row := range t.Rows {
		if i > 0 {
			b.WriteString(",")
		}
		b.WriteString("\n  {")
		for j, cell := range row {
			if j > 0 {
				b.WriteString(", ")
			}
			key, err := json.Marshal(t.Headers[j])
			if err != nil {
				return err
			}
			value, err := json.Marshal(cell)
			if err != nil {
				return err
			}
			b.Write(key)
			b.WriteString(": ")
			b.Write(value)
		}
		b.WriteString("}")
	}
	b.WriteString("\n]\n")
	_, err := io.WriteString(w, b.String())
	return err
}

// Harmless keeps a spreadsheet that reads CSV from taking a text for a formula (CWE-1236).
func Harmless(text string) string {
	if text != "" && strings.ContainsRune("=+-@\t\r", rune(text[0])) {
		return "'" + text
	}
	return text
}
