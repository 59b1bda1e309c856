package compile

import (
	"fmt"
	"math/big"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/project/jinja"
)

// toValue hands a plain Go value to templates. Maps get their keys sorted,
// objects keep their order.
func toValue(v any) jinja.Value {
	switch v := v.(type) {
	case nil:
		return jinja.None
	case jinja.Value:
		return v
	case bool:
		return jinja.Bool(v)
	case string:
		return jinja.Str(v)
	case int:
		return jinja.Int(v)
	case int64:
		return jinja.Int(v)
	case float64:
		return jinja.Float(v)
	case time.Time:
		return engineValue(v)
	case []string:
		return listOf(v)
	case []any:
		return listOf(v)
	case []object:
		return listOf(v)
	case object:
		return v.value()
	case project.Ordered:
		d := jinja.NewDict()
		for _, m := range v {
			_ = d.Set(jinja.Str(m.Key), toValue(m.Value)) // text is always hashable
		}
		return d
	case map[string]any:
		return dictOf(v)
	case map[string]string:
		return dictOf(v)
	}
	return numberValue(v)
}

// numberValue covers what a warehouse gives beyond the plain types.
func numberValue(v any) jinja.Value {
	switch v := v.(type) {
	case decimal.Decimal:
		if v.Exponent() >= 0 {
			return engineValue(v.BigInt())
		}
		return exact{v}
	case *big.Int:
		if v.IsInt64() {
			return jinja.Int(v.Int64())
		}
		return &jinja.BigInt{V: v}
	case fmt.Stringer: // UUID, IP addresses
		return jinja.Str(v.String())
	}
	return engineValue(v)
}

// engineValue is a number or time as the engine has it.
func engineValue(v any) jinja.Value {
	out, err := jinja.FromGo(v)
	if err != nil {
		return jinja.Str(fmt.Sprint(v))
	}
	return out
}

func listOf[T any](items []T) jinja.Value {
	values := make([]jinja.Value, len(items))
	for i, item := range items {
		values[i] = toValue(item)
	}
	return jinja.NewList(values...)
}

func dictOf[T any](m map[string]T) jinja.Value {
	d := jinja.NewDict()
	for _, k := range keysOf(m) {
		_ = d.Set(jinja.Str(k), toValue(m[k])) // text is always hashable
	}
	return d
}

// toGo takes a plain value from a template: nil, bool, int64, float64, string,
// []any and map[string]any. What is none of these is taken as its text.
func toGo(v jinja.Value) any {
	switch v := v.(type) {
	case nil, *jinja.Undefined:
		return nil
	case jinja.Bool:
		return bool(v)
	case jinja.Int:
		return int64(v)
	case jinja.Float:
		return float64(v)
	case jinja.Str:
		return string(v)
	case jinja.Markup:
		return string(v)
	case *jinja.List:
		return goItems(v.Items)
	case *jinja.Tuple:
		return goItems(v.Items)
	case *jinja.Dict:
		m := make(map[string]any, v.Len())
		values := v.Values()
		for i, k := range v.Keys() {
			m[plainText(k)] = toGo(values[i])
		}
		return m
	}
	if v == jinja.None {
		return nil
	}
	return plainText(v)
}

func goItems(items []jinja.Value) []any {
	out := make([]any, len(items))
	for i, item := range items {
		out[i] = toGo(item)
	}
	return out
}

// plainText is what {{ v }} would print.
func plainText(v jinja.Value) string {
	if v == nil {
		return ""
	}
	out, err := jinja.String(v)
	if err != nil {
		return ""
	}
	return out
}

// represented is how v prints within a list.
func represented(v jinja.Value) string {
	out, err := jinja.Repr(v)
	if err != nil {
		return ""
	}
	return out
}
