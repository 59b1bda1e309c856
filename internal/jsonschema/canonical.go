package jsonschema

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
)

// appendCanonical writes a value so that two values have the same text just
// when JSON Schema takes them for equal (core, 4.2.2): numbers by their value,
// objects without regard to order.
func appendCanonical(dst []byte, value any) []byte {
	switch v := value.(type) {
	case bool:
		return append(strconv.AppendBool(dst, v), ';')
	case json.Number:
		d := newDecimal(v)
		if d.negative {
			dst = append(dst, '-')
		}
		dst = append(append(dst, d.digits...), 'e')
		return append(strconv.AppendInt(dst, d.exponent, 10), ';')
	case string:
		dst = append(strconv.AppendInt(append(dst, '"'), int64(len(v)), 10), ':')
		return append(dst, v...)
	case []any:
		dst = append(dst, '[')
		for _, item := range v {
			dst = appendCanonical(dst, item)
		}
		return append(dst, ']')
	case map[string]any:
		dst = append(dst, '{')
		for _, key := range slices.Sorted(maps.Keys(v)) {
			dst = appendCanonical(appendCanonical(dst, key), v[key])
		}
		return append(dst, '}')
	}
	return append(dst, "null;"...)
}

// choice is the values of an enum, or the one of a const.
type choice struct {
	canonical map[string]bool
	values    []any
}

func newChoice(values []any) *choice {
	c := &choice{canonical: map[string]bool{}, values: values}
	for _, value := range values {
		c.canonical[string(appendCanonical(nil, value))] = true
	}
	return c
}
