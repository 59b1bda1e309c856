package compile

import (
	"encoding/json"
	"strconv"

	"github.com/tiendi/tiendi/internal/project/jinja"
)

// object is a JSON object whose keys keep their order. Values are nil, bool,
// int, int64, float64, string, []string, []any, []object, map[string]any and
// object. Manifests and what templates see of nodes are made of it.
type object []member

type member struct {
	key   string
	value any
}

// get finds a value, nil when the key is missing.
func (o object) get(key string) any {
	for _, m := range o {
		if m.key == key {
			return m.value
		}
	}
	return nil
}

// value makes a dict of it.
func (o object) value() jinja.Value {
	d := jinja.NewDict()
	for _, m := range o {
		_ = d.Set(jinja.Str(m.key), toValue(m.value)) // text is always hashable
	}
	return d
}

// appendJSON writes v as compact JSON behind b.
func appendJSON(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case bool:
		return strconv.AppendBool(b, v)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case int64:
		return strconv.AppendInt(b, v, 10)
	case string:
		return appendJSONString(b, v)
	case object:
		b = append(b, '{')
		for i, m := range v {
			if i > 0 {
				b = append(b, ',')
			}
			b = append(appendJSONString(b, m.key), ':')
			b = appendJSON(b, m.value)
		}
		return append(b, '}')
	case []object:
		return appendJSONList(b, v)
	case []string:
		return appendJSONList(b, v)
	case []any:
		return appendJSONList(b, v)
	case map[string]any:
		return appendJSONMap(b, v)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return append(b, "null"...)
	}
	return append(b, text...)
}

func appendJSONList[T any](b []byte, items []T) []byte {
	b = append(b, '[')
	for i, item := range items {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSON(b, item)
	}
	return append(b, ']')
}

func appendJSONMap(b []byte, m map[string]any) []byte {
	b = append(b, '{')
	for i, k := range keysOf(m) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendJSONString(b, k), ':')
		b = appendJSON(b, m[k])
	}
	return append(b, '}')
}

// appendJSONString quotes s. Text without anything to escape, nearly all of
// it, is copied as it is.
func appendJSONString(b []byte, s string) []byte {
	b = append(b, '"')
	from := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= 0x20 && c != '"' && c != '\\' && c < 0x80 {
			continue
		}
		if c >= 0x80 {
			text, _ := json.Marshal(s[i:]) // a string always marshals
			return append(append(b, s[from:i]...), text[1:]...)
		}
		b = append(b, s[from:i]...)
		switch c {
		case '\n':
			b = append(b, '\\', 'n')
		case '\t':
			b = append(b, '\\', 't')
		case '\r':
			b = append(b, '\\', 'r')
		case '"', '\\':
			b = append(b, '\\', c)
		default:
			const hex = "0123456789abcdef"
			b = append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		from = i + 1
	}
	return append(append(b, s[from:]...), '"')
}
