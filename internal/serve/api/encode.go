package api

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/semantic"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// column is one of an answer's, as whoever asked is told of it.
type column struct {
	Name   string              `json:"name"`
	Kind   semantic.ColumnKind `json:"kind"`
	Metric string              `json:"metric,omitempty"`
	Unit   string              `json:"unit,omitempty"`
	Grain  semantic.Grain      `json:"grain,omitempty"`
}

func columnsOf(list []semantic.Column) []column {
	all := make([]column, len(list))
	for i, c := range list {
		all[i] = column{Name: c.Name, Kind: c.Kind, Metric: c.Metric, Unit: c.Unit, Grain: c.Grain}
	}
	return all
}

// encoder writes an answer row by row.
type encoder interface {
	row(values []any) error
	end(next string) error
}

var mediaTypes = map[string]string{"json": "application/json", "csv": "text/csv; charset=utf-8"}

func newEncoder(format string, w io.Writer, columns []column) (encoder, error) {
	if format == "csv" {
		e := &csvEncoder{w: csv.NewWriter(w), cells: make([]string, len(columns))}
		for i, c := range columns {
			e.cells[i] = c.Name
		}
		return e, e.w.Write(e.cells)
	}
	head, err := json.Marshal(columns)
	if err == nil {
		_, err = fmt.Fprintf(w, `{"columns":%s,"rows":[`, head)
	}
	return &jsonEncoder{w: w}, err
}

// jsonEncoder writes numbers as numbers, but for money: a decimal is text, since most
// readers of JSON would make a float of it.
type jsonEncoder struct {
	w    io.Writer
	rows int
	line []byte
}

func (e *jsonEncoder) row(values []any) error {
	e.line = e.line[:0]
	if e.rows++; e.rows > 1 {
		e.line = append(e.line, ',')
	}
	e.line = append(e.line, '\n')
	text, err := json.Marshal(values)
	if err == nil {
		_, err = e.w.Write(append(e.line, text...))
	}
	return err
}

func (e *jsonEncoder) end(next string) error {
	tail := "\n]}\n"
	if next != "" {
		tail = "\n],\"next\":" + strconv.Quote(next) + "}\n"
	}
	_, err := io.WriteString(e.w, tail)
	return err
}

type csvEncoder struct {
	w     *csv.Writer
	cells []string
}

func (e *csvEncoder) row(values []any) error {
	for i, v := range values {
		switch v := v.(type) {
		case nil:
			e.cells[i] = ""
		case string:
			e.cells[i] = console.Harmless(v)
		default:
			e.cells[i] = fmt.Sprint(v)
		}
	}
	return e.w.Write(e.cells)
}

func (e *csvEncoder) end(string) error {
	e.w.Flush()
	return e.w.Error()
}

// cell is a value of the warehouse as an answer has it.
func cell(v any, columnType string) any {
	switch v := v.(type) {
	case decimal.Decimal:
		return money(v)
	case float32:
		return float(float64(v))
	case float64:
		return float(v)
	case time.Time:
		if dateTypes[columnType] {
			return v.Format(time.DateOnly)
		}
		return v.UTC().Format(time.RFC3339Nano)
	case fmt.Stringer:
		return v.String()
	}
	return v
}

var dateTypes = map[string]bool{"Date": true, "Date32": true, "Nullable(Date)": true, "Nullable(Date32)": true}

// amount is a decimal: text in JSON, and no formula in CSV although it may begin with -.
type amount string

// money keeps the decimals that there are, and two at least.
func money(d decimal.Decimal) amount { return amount(d.StringFixed(max(2, -d.Exponent()))) }

func float(f float64) any {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return nil
	}
	return json.Number(strconv.FormatFloat(f, 'g', -1, 64))
}

// cells are a row's.
func cells(values []any, columns []warehouse.Column) []any {
	for i, v := range values {
		values[i] = cell(v, columns[i].Type)
	}
	return values
}
