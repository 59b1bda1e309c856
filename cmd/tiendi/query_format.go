package main

import (
	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/semantic"
)

// answerTable lays an answer out. People read figures by their unit; one row of
// several figures they read downwards.
func answerTable(columns []semantic.Column, rows [][]string, format string) console.Table {
	var t console.Table
	for _, column := range columns {
		t.Headers = append(t.Headers, column.Name)
		t.Right = append(t.Right, column.Metric != "")
	}
	t.Rows = rows
	if format != "table" && format != "markdown" {
		return t
	}
	for _, row := range rows {
		for i, column := range columns {
			row[i] = figureCell(column, row[i])
		}
	}
	if len(rows) == 1 && len(columns) > 1 && columns[0].Metric != "" {
		return downwards(columns, rows[0])
	}
	return t
}

// downwards gives each metric a row.
func downwards(columns []semantic.Column, row []string) console.Table {
	t := console.Table{Headers: []string{"metric", "value"}, Right: []bool{false, true}}
	for i, column := range columns {
		switch column.Kind {
		case semantic.MetricColumn:
			t.Rows = append(t.Rows, []string{column.Name, row[i]})
		default:
			if len(t.Rows) == 1 {
				t.Headers, t.Right = append(t.Headers, string(column.Kind)), append(t.Right, true)
			}
			t.Rows[len(t.Rows)-1] = append(t.Rows[len(t.Rows)-1], row[i])
		}
	}
	return t
}

// figureCell is a value as people read it, by the metric's unit. What is
// rounded here is rounded nowhere else.
func figureCell(column semantic.Column, text string) string {
	if column.Metric == "" {
		return text
	}
	if text == "" {
		return "–"
	}
	value, err := decimal.NewFromString(text)
	if err != nil {
		return text
	}
	switch {
	case column.Kind == semantic.ChangeColumn:
		return signed(value.Shift(2).StringFixed(1)) + " %"
	case column.Unit == "money":
		return console.Thousands(value.StringFixed(2))
	case column.Unit == "rate":
		return value.Shift(2).StringFixed(1) + " %"
	case column.Unit == "seconds":
		return console.Thousands(value.StringFixed(1)) + " s"
	case column.Unit == "ms":
		return console.Thousands(value.StringFixed(1)) + " ms"
	case value.IsInteger():
		return console.Thousands(value.StringFixed(0))
	}
	return console.Thousands(value.Round(2).String())
}

func signed(text string) string {
	if text[0] == '-' {
		return text
	}
	return "+" + text
}
