package project

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Names of generic tests and the hashes in their ids are made of Python's
// str() and repr() of their arguments, so both are spelt out here.

// pythonStr is str() of a YAML value: text as it is, the rest as repr().
func pythonStr(n *yaml.Node) string {
	n = resolved(n)
	if n.Kind == yaml.ScalarNode {
		if s, ok := scalar(n).(string); ok {
			return s
		}
	}
	return pythonRepr(n)
}

// pythonRepr is repr() of a YAML value, maps in the order of the file.
func pythonRepr(n *yaml.Node) string {
	n = resolved(n)
	switch n.Kind {
	case yaml.SequenceNode:
		parts := make([]string, len(n.Content))
		for i, c := range n.Content {
			parts[i] = pythonRepr(c)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case yaml.MappingNode:
		var parts []string
		for _, e := range entriesOf(n) {
			parts = append(parts, quotePython(e.key)+": "+pythonRepr(e.value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	switch v := scalar(n).(type) {
	case nil:
		return "None"
	case bool:
		if v {
			return "True"
		}
		return "False"
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return pythonFloat(v)
	case string:
		return quotePython(v)
	}
	return n.Value
}

// appendHashable appends what dbt hashes of a test's arguments: mappings by
// sorted key, every other value as repr(str(value)).
func appendHashable(b []byte, n *yaml.Node) []byte {
	n = resolved(n)
	switch n.Kind {
	case yaml.SequenceNode:
		b = append(b, '[')
		for i, c := range n.Content {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = appendHashable(b, c)
		}
		return append(b, ']')
	case yaml.MappingNode:
		entries := entriesOf(n)
		slices.SortStableFunc(entries, func(x, y entry) int { return strings.Compare(x.key, y.key) })
		b = append(b, '{')
		for i, e := range entries {
			if i > 0 {
				b = append(b, ", "...)
			}
			b = append(appendPython(b, e.key), ": "...)
			b = appendHashable(b, e.value)
		}
		return append(b, '}')
	}
	return appendPython(b, pythonStr(n))
}

// pythonFloat is repr() of a float: the shortest digits, with an exponent
// below 1e-4 and from 1e16.
func pythonFloat(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "inf"
	case math.IsInf(v, -1):
		return "-inf"
	case math.IsNaN(v):
		return "nan"
	}
	if a := math.Abs(v); a != 0 && (a < 1e-4 || a >= 1e16) {
		return strconv.FormatFloat(v, 'e', -1, 64)
	}
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

// quotePython is repr() of a string.
func quotePython(s string) string { return string(appendPython(nil, s)) }

// appendPython appends repr() of a string.
func appendPython(b []byte, s string) []byte {
	quote := byte('\'')
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		quote = '"'
	}
	b = append(b, quote)
	for _, r := range s {
		switch {
		case r == rune(quote) || r == '\\':
			b = append(b, '\\', byte(r))
		case r == '\n':
			b = append(b, `\n`...)
		case r == '\r':
			b = append(b, `\r`...)
		case r == '\t':
			b = append(b, `\t`...)
		case unicode.IsPrint(r):
			b = utf8.AppendRune(b, r)
		case r < 0x100:
			b = fmt.Appendf(b, `\x%02x`, r)
		case r < 0x10000:
			b = fmt.Appendf(b, `\u%04x`, r)
		default:
			b = fmt.Appendf(b, `\U%08x`, r)
		}
	}
	return append(b, quote)
}
