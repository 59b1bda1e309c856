package pgtext

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tiendi/tiendi/internal/warehouse/native"
)

// Column takes values of one type of ClickHouse's.
type Column struct {
	native.Growing
	// parse adds what a text says, or nothing and an error.
	parse func(text []byte) error
	// blank adds the type's default.
	blank func()
	nulls *native.Nullable // nil where there is no NULL
}

// Append adds a value, nil for NULL. An error says why it does not fit, without the
// value; nothing is added then.
func (c *Column) Append(text []byte) error {
	if text == nil {
		c.Blank()
		return nil
	}
	if err := c.parse(text); err != nil {
		return err
	}
	if c.nulls != nil {
		c.nulls.Mark(false)
	}
	return nil
}

// Blank adds a NULL, or the default of a type that has none.
func (c *Column) Blank() {
	c.blank()
	if c.nulls != nil {
		c.nulls.Mark(true)
	}
}

// maxType bounds the name of a type, and so how deep types lie within types.
const maxType = 1000

// NewColumn makes a column of a type, as system.columns names it. The server takes what
// it sends for it: LowCardinality is a matter of storage, but for strings.
func NewColumn(typ string) (*Column, error) {
	name, arguments := split(typ)
	inner := ""
	if len(arguments) == 1 {
		inner = arguments[0]
	}
	switch {
	case len(typ) > maxType:
		return nil, fmt.Errorf("the name of a type has %d bytes, %d are allowed", len(typ), maxType)
	case name == "LowCardinality" && inner == "String":
		return newCategories(), nil
	case name == "LowCardinality":
		return NewColumn(inner)
	case name == "Nullable":
		return newNullable(inner)
	case name == "Array":
		return newList(inner)
	}
	if c := newPlain(name, typ, numbers(arguments)); c != nil {
		return c, nil
	}
	return nil, fmt.Errorf("%s is a type that changes cannot be written to", typ)
}

func newNullable(inner string) (*Column, error) {
	c, err := NewColumn(inner)
	if err != nil {
		return nil, err
	}
	c.nulls = native.NewNullable(c.Growing)
	c.Growing = c.nulls
	return c, nil
}

// newPlain makes a column of a type that has no type inside.
func newPlain(name, typ string, arguments []int) *Column {
	switch {
	case name == "String":
		return newStrings()
	case name == "UUID":
		return newUUIDs()
	case name == "Bool":
		return newBools()
	case strings.HasPrefix(name, "Date"):
		return newTimes(name, typ, arguments)
	case name == "Float32", name == "Float64":
		return newFloats(name)
	case name == "Decimal" && len(arguments) == 2:
		return newDecimals(typ, arguments[0], arguments[1])
	}
	bits, signed := strings.CutPrefix(name, "Int")
	if !signed {
		bits, _ = strings.CutPrefix(name, "UInt")
	}
	switch bits {
	case "8", "16", "32", "64", "128", "256":
		n, _ := strconv.Atoi(bits) // it is one of those
		return newIntegers(name, n/8, signed)
	}
	return nil
}

// split takes a type apart: its name and its arguments.
func split(typ string) (name string, arguments []string) {
	name, rest, found := strings.Cut(typ, "(")
	if !found || !strings.HasSuffix(rest, ")") {
		return typ, nil
	}
	rest = rest[:len(rest)-1]
	depth, from := 0, 0
	for i := range len(rest) {
		switch rest[i] {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth == 0 {
				arguments = append(arguments, strings.TrimSpace(rest[from:i]))
				from = i + 1
			}
		}
	}
	return name, append(arguments, strings.TrimSpace(rest[from:]))
}

// numbers are the arguments that are some, up to the first that is none.
func numbers(arguments []string) (all []int) {
	for _, a := range arguments {
		n, err := strconv.Atoi(a)
		if err != nil {
			break
		}
		all = append(all, n)
	}
	return all
}
