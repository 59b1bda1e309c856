package compile

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tiendi/tiendi/internal/lazyregexp"
	"github.com/tiendi/tiendi/internal/project/jinja"
)

// column is a table's column as adapter.get_columns_in_relation gives it and
// as api.Column makes it.
type column struct {
	name           string
	dtype          string // without Nullable and LowCardinality
	nullable       bool
	lowCardinality bool
}

var (
	lowCardinality = lazyregexp.New(`^LowCardinality\((.*)\)$`)
	nullable       = lazyregexp.New(`^Nullable\((.*)\)$`)
	fixedString    = lazyregexp.New(`FixedString\((\d+)\)`)
	decimalType    = lazyregexp.New(`Decimal\((\d+), (\d+)\)`)
)

func newColumn(name, dtype string) *column {
	c := &column{name: name, dtype: strings.TrimSpace(dtype)}
	if m := lowCardinality().FindStringSubmatch(c.dtype); m != nil {
		c.dtype, c.lowCardinality = m[1], true
	}
	if m := nullable().FindStringSubmatch(c.dtype); m != nil {
		c.dtype, c.nullable = m[1], true
	}
	return c
}

// Type is the adapter's class.
func (*column) Type() string { return "ClickHouseColumn" }

// String prints name and type.
func (c *column) String() string {
	kind := c.dataType()
	if c.nullable {
		kind = "Nullable(" + kind + ")"
	}
	return c.name + " " + kind
}

// Repr prints the column within lists.
func (c *column) Repr() string {
	return fmt.Sprintf("<ClickhouseColumn %s (%s, is nullable: %s)>", c.name, c.dataType(), represented(jinja.Bool(c.nullable)))
}

// HashKey makes columns of the same name and type equal.
func (c *column) HashKey() any { return [3]string{"column", c.name, c.dataType()} }

func (c *column) isString() bool {
	switch strings.ToLower(c.dtype) {
	case "string", "longblob", "longtext", "tinytext", "text", "varchar", "mediumblob", "blob", "tinyblob", "char", "mediumtext":
		return true
	}
	return c.is("fixedstring")
}

func (c *column) is(prefix string) bool { return strings.HasPrefix(strings.ToLower(c.dtype), prefix) }

func (c *column) isInteger() bool { return c.is("int") || c.is("uint") }

// dataType is the type as dbt-clickhouse prints it.
func (c *column) dataType() string {
	kind := c.dtype
	switch {
	case c.isString():
		kind = "String"
	case c.is("decimal"):
		precision, scale := c.precision()
		kind = fmt.Sprintf("Decimal(%d, %d)", precision, scale)
	}
	if c.nullable {
		kind = "Nullable(" + kind + ")"
	}
	if c.lowCardinality {
		kind = "LowCardinality(" + kind + ")"
	}
	return kind
}

func (c *column) precision() (precision, scale int) {
	if m := decimalType().FindStringSubmatch(c.dtype); m != nil {
		precision, _ = strconv.Atoi(m[1])
		scale, _ = strconv.Atoi(m[2])
	}
	return precision, scale
}

func (c *column) size() int {
	if m := fixedString().FindStringSubmatch(c.dtype); m != nil {
		n, _ := strconv.Atoi(m[1])
		return n
	}
	return 256
}

// Attr finds what dbt's Column has.
func (c *column) Attr(name string) (jinja.Value, bool) {
	switch name {
	case "name", "column":
		return jinja.Str(c.name), true
	case "quoted":
		return jinja.Str(`"` + c.name + `"`), true
	case "dtype":
		return jinja.Str(c.dtype), true
	case "data_type", "expanded_data_type":
		return jinja.Str(c.dataType()), true
	case "is_nullable":
		return jinja.Bool(c.nullable), true
	case "is_low_cardinality":
		return jinja.Bool(c.lowCardinality), true
	case "char_size":
		return sizeOrNone(c.is("fixedstring"), c.size()), true
	case "numeric_precision", "numeric_scale":
		precision, scale := c.precision()
		if name == "numeric_scale" {
			precision = scale
		}
		return sizeOrNone(c.is("decimal"), precision), true
	}
	return c.method(name)
}

func sizeOrNone(known bool, n int) jinja.Value {
	if !known {
		return jinja.None
	}
	return jinja.Int(n)
}

func (c *column) method(name string) (jinja.Value, bool) {
	var answer func() jinja.Value
	switch name {
	case "is_string":
		answer = func() jinja.Value { return jinja.Bool(c.isString()) }
	case "is_integer":
		answer = func() jinja.Value { return jinja.Bool(c.isInteger()) }
	case "is_numeric":
		answer = func() jinja.Value { return jinja.Bool(c.is("decimal")) }
	case "is_float":
		answer = func() jinja.Value { return jinja.Bool(c.is("float")) }
	case "is_number":
		answer = func() jinja.Value { return jinja.Bool(c.isInteger() || c.is("decimal") || c.is("float")) }
	case "string_size":
		answer = func() jinja.Value { return jinja.Int(c.size()) }
	case "can_expand_to":
		return function(name, c.canExpandTo), true
	case "literal":
		return function(name, func(call *jinja.Call) (jinja.Value, error) {
			a, err := arguments(call, name, "value")
			if err != nil {
				return nil, err
			}
			return jinja.Str("to" + c.dtype + "(" + plainText(a[0]) + ")"), nil
		}), true
	default:
		return nil, false
	}
	return function(name, func(*jinja.Call) (jinja.Value, error) { return answer(), nil }), true
}

func (c *column) canExpandTo(call *jinja.Call) (jinja.Value, error) {
	a, err := arguments(call, "can_expand_to", "other_column")
	if err != nil {
		return nil, err
	}
	other, ok := a[0].(*column)
	return jinja.Bool(ok && c.isString() && other.isString() && other.size() > c.size()), nil
}
