package jsonschema

import "encoding/json"

// Kinds is a set of JSON types.
type Kinds uint8

// The JSON types. A number is of one of two kinds, by its value.
const (
	KindNull Kinds = 1 << iota
	KindBool
	KindInteger
	KindFraction // numbers that are no integers
	KindString
	KindArray
	KindObject
)

var kindNames = []struct {
	kind Kinds
	name string
}{
	{KindString, "string"}, {KindFraction | KindInteger, "number"}, {KindInteger, "integer"}, {KindBool, "boolean"},
	{KindObject, "object"}, {KindArray, "array"}, {KindNull, "null"},
}

// KindNamed gives the set that a type's name stands for, 0 for no type.
func KindNamed(name string) Kinds {
	for _, k := range kindNames {
		if k.name == name {
			return k.kind
		}
	}
	return 0
}

// Names lists the set in the words of JSON Schema.
func (k Kinds) Names() (names []string) {
	for _, known := range kindNames {
		if k&known.kind == known.kind {
			names = append(names, known.name)
			k &^= known.kind
		}
	}
	return names
}

// kindOf is the value's type, 0 for what is no decoded JSON. A number is an
// integer by its value, so 1.0 is one (core, 6.3).
func kindOf(value any) Kinds {
	switch v := value.(type) {
	case nil:
		return KindNull
	case bool:
		return KindBool
	case json.Number:
		if newDecimal(v).isInteger() {
			return KindInteger
		}
		return KindFraction
	case string:
		return KindString
	case []any:
		return KindArray
	case map[string]any:
		return KindObject
	}
	return 0
}

// word is how a value's type is called in a message.
func (k Kinds) word() string {
	if k&(KindInteger|KindFraction) != 0 {
		return "number"
	}
	return k.Names()[0]
}
