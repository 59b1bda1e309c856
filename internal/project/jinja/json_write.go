package jinja

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"
)

// jsonWriter prints values as Python's json.dumps does.
type jsonWriter struct {
	st       *state
	sortKeys bool
	indent   int // -1: on one line
	buf      []byte
	depth    int
}

func (w *jsonWriter) text(v Value) (string, error) {
	if err := w.value(v); err != nil {
		return "", err
	}
	return string(w.buf), nil
}

func (w *jsonWriter) value(v Value) error {
	if err := w.st.bytes(len(w.buf)); err != nil {
		return err
	}
	if w.depth > maxPrintDepth {
		return raise(ValueError, "Circular reference detected")
	}
	switch v := v.(type) {
	case Str:
		w.str(string(v))
	case Markup:
		w.str(string(v))
	case noneType:
		w.buf = append(w.buf, "null"...)
	case Bool:
		w.buf = strconv.AppendBool(w.buf, bool(v))
	case Int:
		w.buf = strconv.AppendInt(w.buf, int64(v), 10)
	case *BigInt:
		w.buf = append(w.buf, v.V.String()...)
	case Float:
		w.float(float64(v))
	case *List:
		return w.list(v.Items)
	case *Tuple:
		return w.list(v.Items)
	case *group:
		return w.list(v.pair())
	case *Dict:
		return w.dict(v.Keys(), v.Values())
	default:
		return raise(TypeError, "Object of type %s is not JSON serializable", v.Type())
	}
	return nil
}

func (w *jsonWriter) float(f float64) {
	switch {
	case math.IsNaN(f):
		w.buf = append(w.buf, "NaN"...)
	case math.IsInf(f, 1):
		w.buf = append(w.buf, "Infinity"...)
	case math.IsInf(f, -1):
		w.buf = append(w.buf, "-Infinity"...)
	default:
		w.buf = append(w.buf, reprFloat(f)...)
	}
}

func (w *jsonWriter) str(s string) {
	w.buf = append(w.buf, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			w.buf = append(w.buf, '\\', byte(r))
		case r == '\n':
			w.buf = append(w.buf, `\n`...)
		case r == '\r':
			w.buf = append(w.buf, `\r`...)
		case r == '\t':
			w.buf = append(w.buf, `\t`...)
		case r == '\b':
			w.buf = append(w.buf, `\b`...)
		case r == '\f':
			w.buf = append(w.buf, `\f`...)
		case r >= ' ' && r < utf8.RuneSelf:
			w.buf = append(w.buf, byte(r))
		case r >= 0x10000:
			r -= 0x10000
			w.buf = fmt.Appendf(w.buf, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		default:
			w.buf = fmt.Appendf(w.buf, `\u%04x`, r)
		}
	}
	w.buf = append(w.buf, '"')
}

// newline begins an item: with indent on a line of its own.
func (w *jsonWriter) newline() {
	if w.indent >= 0 {
		w.buf = append(w.buf, '\n')
		w.buf = append(w.buf, strings.Repeat(" ", w.indent*w.depth)...)
	}
}

// separate stands between two items.
func (w *jsonWriter) separate(first bool) {
	if !first {
		w.buf = append(w.buf, ',')
		if w.indent < 0 {
			w.buf = append(w.buf, ' ')
		}
	}
	w.newline()
}

func (w *jsonWriter) list(items []Value) error {
	if len(items) == 0 {
		w.buf = append(w.buf, "[]"...)
		return nil
	}
	w.buf = append(w.buf, '[')
	w.depth++
	for i, v := range items {
		w.separate(i == 0)
		if err := w.value(v); err != nil {
			return err
		}
	}
	w.depth--
	w.newline()
	w.buf = append(w.buf, ']')
	return nil
}

func (w *jsonWriter) dict(keys, vals []Value) error {
	if len(keys) == 0 {
		w.buf = append(w.buf, "{}"...)
		return nil
	}
	pairs := zipPairs(keys, vals)
	if w.sortKeys {
		var err error
		if pairs, err = sortBy(pairs, func(v Value) (Value, error) { return v.(*Tuple).Items[0], nil }, false); err != nil {
			return err
		}
	}
	w.buf = append(w.buf, '{')
	w.depth++
	for i, p := range pairs {
		w.separate(i == 0)
		name, err := jsonKey(p.(*Tuple).Items[0])
		if err != nil {
			return err
		}
		w.str(name)
		w.buf = append(w.buf, ": "...)
		if err := w.value(p.(*Tuple).Items[1]); err != nil {
			return err
		}
	}
	w.depth--
	w.newline()
	w.buf = append(w.buf, '}')
	return nil
}

func jsonKey(k Value) (string, error) {
	if s, ok := textOf(k); ok {
		return s, nil
	}
	switch k := k.(type) {
	case noneType:
		return "null", nil
	case Bool:
		return strconv.FormatBool(bool(k)), nil
	case Int, *BigInt, Float:
		return mustRepr(k), nil
	}
	return "", raise(TypeError, "keys must be str, int, float, bool or None, not %s", k.Type())
}
