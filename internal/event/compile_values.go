package event

import (
	"encoding/json"

	"github.com/tiendi/tiendi/internal/jsonschema"
)

func (n *node) takeType(value any) bool {
	names, ok := value.([]any)
	if !ok {
		names = []any{value}
	}
	listed := jsonschema.Kinds(0)
	for _, name := range names {
		text, _ := name.(string)
		kind := jsonschema.KindNamed(text)
		if kind == 0 {
			return false
		}
		listed |= kind
	}
	n.kinds &= listed
	return true
}

// takeEnum takes a list of strings, and null: other values are foreign, since
// JSON Schema compares them by what they mean and not by their text.
func (n *node) takeEnum(values []any) bool {
	one := newNode()
	one.only, one.kinds = true, 0
	for _, value := range values {
		switch v := value.(type) {
		case nil:
			one.kinds |= jsonschema.KindNull
		case string:
			one.kinds |= jsonschema.KindString
			one.fixed = append(one.fixed, v)
		default:
			return false
		}
	}
	return n.and(one)
}

// takeNot takes {"const": "text"}, the one negation that the fast path knows.
func (n *node) takeNot(value any) bool {
	o, _ := value.(object)
	text, ok := o.get("const").(string)
	if !ok || len(o) != 1 {
		return false
	}
	n.banned = append(n.banned, text)
	return true
}

func (n *node) takeObject(c *compiler, o object, p pair, doc, at string) bool {
	switch p.key {
	case "properties":
		properties, ok := p.value.(object)
		for _, property := range properties {
			n.andMember(&member{key: property.key, node: c.schema(property.value, doc, at+"/"+pointerEscape.Replace(property.key))})
		}
		return ok
	case "required":
		keys, ok := p.value.([]any)
		for _, key := range keys {
			text, _ := key.(string)
			n.andMember(&member{key: text, node: newNode(), required: true})
		}
		return ok
	}
	if p.value == true {
		return true
	}
	n.closed, n.allowed = true, nil
	properties, _ := o.get("properties").(object)
	for _, property := range properties {
		n.allowed = append(n.allowed, property.key)
	}
	return p.value == false
}

// takeExamples keeps the examples' text for the docs.
func (n *node) takeExamples(value any) bool {
	list, ok := value.([]any)
	for _, example := range list {
		n.examples = append(n.examples, string(appendValue(nil, example)))
	}
	return ok
}

// appendValue writes a value of a document as JSON, with its keys in order.
func appendValue(dst []byte, value any) []byte {
	switch v := value.(type) {
	case nil:
		return append(dst, "null"...)
	case bool:
		if v {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	case json.Number:
		return append(dst, v...)
	case string:
		return AppendString(dst, v)
	case []any:
		dst = append(dst, '[')
		for i, item := range v {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = appendValue(dst, item)
		}
		return append(dst, ']')
	}
	o, _ := value.(object)
	dst = append(dst, '{')
	for i, p := range o {
		if i > 0 {
			dst = append(dst, ", "...)
		}
		dst = append(AppendString(dst, p.key), ": "...)
		dst = appendValue(dst, p.value)
	}
	return append(dst, '}')
}

// requiredKeys lists what an object must have, in the schema's order.
func (n *node) requiredKeys() []string {
	keys := []string{}
	for _, m := range n.members {
		if m.required {
			keys = append(keys, m.key)
		}
	}
	return keys
}
