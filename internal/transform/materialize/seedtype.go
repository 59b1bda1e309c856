package materialize

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// seedType is one of the types that dbt tries on a seed's column, in order.
type seedType struct {
	// parse gives the value in the form that ClickHouse reads.
	parse func(text string) (string, bool)
	// name gives the ClickHouse type for values in that form.
	name func(rows [][]string, column int) string
}

// seedTypes stand in the order in which dbt tries them. A column gets the
// first type that all its values have; the last takes everything.
var seedTypes = [...]seedType{
	{parse: parseNumber, name: numberType},
	{parse: parseTime("2006-1-2", "2006-01-02"), name: dateType},
	{parse: parseTime("2006-1-2 15:4:5", "2006-01-02 15:04:05"), name: dateTimeType},
	{parse: parseISO, name: dateTimeType},
	{parse: parseBool, name: func([][]string, int) string { return "Bool" }},
	{parse: func(text string) (string, bool) { return text, true }, name: func([][]string, int) string { return "String" }},
}

func inferType(rows [][]string, column int) seedType {
	for _, t := range seedTypes[:len(seedTypes)-1] {
		if t.takes(rows, column) {
			return t
		}
	}
	return seedTypes[len(seedTypes)-1]
}

func (t seedType) takes(rows [][]string, column int) bool {
	for _, row := range rows {
		if _, ok := t.parse(row[column]); !ok && !isNull(row[column]) {
			return false
		}
	}
	return true
}

func (t seedType) normal(text string) string {
	if isNull(text) {
		return ""
	}
	// It parses, or the column would have another type.
	value, _ := t.parse(text)
	return value
}

// isNull is what dbt reads as no value. In a column that is not Nullable it
// becomes the type's default.
func isNull(text string) bool {
	text = strings.ToLower(strings.TrimSpace(text))
	return text == "" || text == "null"
}

const currencySymbols = "؋$ƒ៛¥₡₱£€¢﷼₪₩₭₮₦฿₤₫₹"

// parseNumber reads numbers as dbt's CSV reader does: with signs of per cent
// and currency, and commas between groups of digits.
func parseNumber(text string) (string, bool) {
	text = strings.Trim(strings.TrimSpace(text), "%")
	negative := strings.HasPrefix(text, "-")
	text = strings.Trim(strings.TrimPrefix(text, "-"), currencySymbols)
	text = strings.ReplaceAll(text, ",", "")
	if len(text) > 60 {
		return "", false
	}
	d, err := decimal.NewFromString(text)
	if err != nil || d.Exponent() > 60 {
		return "", false
	}
	if negative {
		d = d.Neg()
	}
	return d.String(), true
}

// numberType is Int32 or Int64 for whole numbers, else Float64 (the adapter's
// Float32 loses digits). For money give column_types.
func numberType(rows [][]string, column int) string {
	name := "Int32"
	for _, row := range rows {
		value, ok := parseNumber(row[column])
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(value, 10, 64)
		if err != nil {
			return "Float64"
		}
		if n > math.MaxInt32 || n < math.MinInt32 {
			name = "Int64"
		}
	}
	return name
}

func parseTime(layout, normal string) func(string) (string, bool) {
	return func(text string) (string, bool) {
		t, err := time.Parse(layout, strings.TrimSpace(text))
		if err != nil || strings.Contains(text, ".") {
			return "", false
		}
		return t.Format(normal), true
	}
}

// parseISO reads ISO 8601 times; those without a zone are UTC.
func parseISO(text string) (string, bool) {
	text = strings.TrimSpace(text)
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04", "20060102T150405Z", "20060102T150405"} {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC().Format("2006-01-02 15:04:05"), true
		}
	}
	return "", false
}

func parseBool(text string) (string, bool) {
	text = strings.ToLower(strings.TrimSpace(text))
	return text, text == "true" || text == "false"
}

// dateType is Date, or Date32 where a day is outside its range.
func dateType(rows [][]string, column int) string {
	return widest(rows, column, "2006-1-2", "Date", "Date32", time.Date(2149, 6, 6, 0, 0, 0, 0, time.UTC))
}

// dateTimeType is DateTime, or DateTime64 where a time is outside its range.
func dateTimeType(rows [][]string, column int) string {
	return widest(rows, column, "2006-1-2 15:4:5", "DateTime", "DateTime64(0)", time.Unix(math.MaxUint32, 0))
}

func widest(rows [][]string, column int, layout, narrow, wide string, last time.Time) string {
	for _, row := range rows {
		t, err := time.Parse(layout, strings.TrimSpace(row[column]))
		if err == nil && (t.Unix() < 0 || t.After(last)) {
			return wide
		}
	}
	return narrow
}
