package compile

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/project/jinja"
)

// cellValue is a value of a query's result, of a ClickHouse type, as dbt's
// result tables have it: times without a zone, arrays, maps and tuples as the
// text of Python's JSON.
func cellValue(v any, kind string) jinja.Value {
	if t, ok := v.(time.Time); ok {
		kind = strings.TrimSuffix(strings.TrimPrefix(kind, "Nullable("), ")")
		if kind == "Date" || kind == "Date32" {
			return jinja.NewDate(t)
		}
		return jinja.NewDateTime(t, false)
	}
	if small, ok := v.([]uint8); ok { // Array(UInt8), which JSON would pack as text
		wide := make([]int, len(small))
		for i, n := range small {
			wide[i] = int(n)
		}
		v = wide
	}
	switch reflect.ValueOf(v).Kind() {
	case reflect.Slice, reflect.Map:
		return jinja.Str(spacedJSON(v))
	}
	return toValue(v)
}

// spacedJSON is JSON with a blank behind commas and colons.
func spacedJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Sprint(v)
	}
	var b strings.Builder
	quoted := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		b.WriteByte(c)
		switch {
		case c == '\\':
			i++
			b.WriteByte(text[i])
		case c == '"':
			quoted = !quoted
		case !quoted && (c == ',' || c == ':'):
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// exact is a decimal number of a query's result: it prints with all its
// digits, as money must.
type exact struct{ decimal.Decimal }

// Type is Python's.
func (exact) Type() string { return "Decimal" }

// String prints all digits of the scale.
func (e exact) String() string { return e.StringFixed(-e.Exponent()) }

// Repr is how Python prints a Decimal within a list.
func (e exact) Repr() string { return "Decimal('" + e.String() + "')" }

// Truth is false for zero.
func (e exact) Truth() bool { return !e.IsZero() }

// HashKey makes equal numbers equal.
func (e exact) HashKey() any { return "decimal " + e.Decimal.String() }
