package project

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

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

// hashable is what dbt hashes of a test's arguments: maps by sorted key, every
// other value as repr(str(value)).
func hashable(n *yaml.Node) string {
	n = resolved(n)
	switch n.Kind {
	case yaml.SequenceNode:
		parts := make([]string, len(n.Content))
		for i, c := range n.Content {
			parts[i] = hashable(c)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case yaml.MappingNode:
		values := map[string]string{}
		for _, e := range entriesOf(n) {
			values[e.key] = hashable(e.value)
		}
		return hashableMap(values)
	}
	return quotePython(pythonStr(n))
}

// hashableMap is a dict of ready representations, by sorted key.
func hashableMap(values map[string]string) string {
	parts := make([]string, 0, len(values))
	for _, k := range sortedKeys(values) {
		parts = append(parts, quotePython(k)+": "+values[k])
	}
	return "{" + strings.Join(parts, ", ") + "}"
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
func quotePython(s string) string {
	quote := byte('\'')
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		quote = '"'
	}
	var b strings.Builder
	b.WriteByte(quote)
	for _, r := range s {
		switch {
		case r == rune(quote) || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case unicode.IsPrint(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte(quote)
	return b.String()
}
