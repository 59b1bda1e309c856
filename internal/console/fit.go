package console

import (
	"github.com/mattn/go-runewidth"

	"github.com/tiendi/tiendi/internal/lazyregexp"
)

// narrowest is how far a column of text is cut down to fit a terminal.
const narrowest = 8

// fit cuts the widest columns of text until the table is at most width columns
// wide; figures are never cut. A width of 0 is no terminal: nothing is cut.
func fit(t Table, width int) Table {
	widths, total := t.widths()
	if width <= 0 || total <= width {
		return t
	}
	for total > width {
		widest := -1
		for i, w := range widths {
			if !t.right(i) && w > narrowest && (widest < 0 || w > widths[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			break
		}
		widths[widest]--
		total--
	}
	out := Table{Headers: cut(t.Headers, widths), Right: t.Right}
	for _, row := range t.Rows {
		out.Rows = append(out.Rows, cut(row, widths))
	}
	return out
}

func (t Table) right(i int) bool { return i < len(t.Right) && t.Right[i] }

// widths are those of the columns' content, and the whole table's with a blank
// on either side of each.
func (t Table) widths() (widths []int, total int) {
	widths = make([]int, len(t.Headers))
	for _, row := range append([][]string{t.Headers}, t.Rows...) {
		for i, cell := range row {
			widths[i] = max(widths[i], visible(cell))
		}
	}
	for _, w := range widths {
		total += w + 2
	}
	return widths, total
}

func cut(cells []string, widths []int) []string {
	out := make([]string, len(cells))
	for i, cell := range cells {
		out[i] = cell
		if visible(cell) > widths[i] {
			out[i] = runewidth.Truncate(cell, widths[i], "…")
		}
	}
	return out
}

var colors = lazyregexp.New("\x1b\\[[0-9;]*m")

// visible is how many columns a text takes on a terminal; colours take none.
func visible(text string) int { return runewidth.StringWidth(colors().ReplaceAllString(text, "")) }
