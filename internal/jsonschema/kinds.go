package jsonschema

import "encoding/json"

// kinds is a set of JSON types.
type kinds uint8

const (
	kindNull kinds = 1 << iota
	kindBool
	kindInteger
	kindFraction // numbers that are no integers
	kindString
	kindArray
	kindObject
)

var kindNames = []struct {
	kind kinds
	name string
}{
	{kindString, "string"}, {kindFraction | kindInteger, "number"}, {kindInteger, "integer"}, {kindBool, "boolean"},
	{kindObject, "object"}, {kindArray, "array"}, {kindNull, "null"},
}

// kindNamed gives the set that a type's name stands for, 0 for no type.
func kindNamed(name string) kinds {
	for _, k := range kindNames {
		if k.name == name {
			return k.kind
		}
	}
	return 0
}

// names lists the set in the words of JSON Schema.
func (k kinds) names() (names []string) {
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
func kindOf(value any) kinds {
	switch v := value.(type) {
	case nil:
		return kindNull
	case bool:
		return kindBool
	case json.Number:
		if newDecimal(v).isInteger() {
			return kindInteger
		}
		return kindFraction
	case string:
		return kindString
	case []any:
		return kindArray
	case map[string]any:
		return kindObject
	}
	return 0
}

// word is how a value's type is called in a message.
func (k kinds) word() string {
	if k&(kindInteger|kindFraction) != 0 {
		return "number"
	}
	return k.names()[0]
}
