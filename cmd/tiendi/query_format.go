package main

import (
	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/semantic"
)

// answerTable lays an answer out. People read figures by their unit; one row of
// several figures they read downwards.
func answerTable(columns []semantic.Column, rows [][]string, o *queryOptions) console.Table {
	var t console.Table
	for _, column := range columns {
		t.Headers = append(t.Headers, column.Name)
		t.Right = append(t.Right, column.Metric != "")
	}
	t.Rows = rows
	if o.output != "table" && o.output != "markdown" {
		return t
	}
	units := map[string]string{}
	for _, column := range columns {
		if column.Kind == semantic.MetricColumn {
			units[column.Metric] = column.Unit
		}
	}
	for _, row := range rows {
		for i, column := range columns {
			row[i] = figureCell(column, units[column.Metric], row[i], o.decimals)
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

// figureCell is a value as people read it, by the metric's unit, and with so many decimals
// or its own. What is rounded here is rounded nowhere else.
func figureCell(column semantic.Column, unit, text string, decimals int) string {
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
	places := func(own int32) int32 {
		if decimals == ownDecimals {
			return own
		}
		return int32(decimals)
	}
	switch {
	case column.Kind == semantic.ChangeColumn && unit == "rate":
		return signed(value.Shift(2).StringFixed(places(1))) + " pp" // percentage points
	case column.Kind == semantic.ChangeColumn:
		return signed(value.Shift(2).StringFixed(places(1))) + " %"
	case unit == "money":
		return console.Thousands(value.StringFixed(places(2)))
	case unit == "rate":
		return value.Shift(2).StringFixed(places(1)) + " %"
	case unit == "seconds":
		return console.Thousands(value.StringFixed(places(1))) + " s"
	case unit == "ms":
		return console.Thousands(value.StringFixed(places(1))) + " ms"
	case value.IsInteger():
		return console.Thousands(value.StringFixed(0))
	}
	return console.Thousands(value.Round(places(2)).String())
}

func signed(text string) string {
	if text[0] == '-' {
		return text
	}
	return "+" + text
}
