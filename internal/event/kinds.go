package event

// kinds is a set of JSON types.
type kinds uint8

const (
	kindNull kinds = 1 << iota
	kindBool
	kindInteger
	kindNumber // numbers that are no integers
	kindString
	kindArray
	kindObject

	kindAny = kindNull | kindBool | kindInteger | kindNumber | kindString | kindArray | kindObject
)

var kindNames = []struct {
	kind kinds
	name string
}{
	{kindString, "string"}, {kindNumber | kindInteger, "number"}, {kindInteger, "integer"}, {kindBool, "boolean"},
	{kindObject, "object"}, {kindArray, "array"}, {kindNull, "null"},
}

// kindNamed gives a JSON Schema type's set, 0 for no type.
func kindNamed(name string) kinds {
	for _, k := range kindNames {
		if k.name == name {
			return k.kind
		}
	}
	return 0
}

// names lists the set in JSON Schema's words.
func (k kinds) names() (names []string) {
	for _, known := range kindNames {
		if k&known.kind == known.kind {
			names = append(names, known.name)
			k &^= known.kind
		}
	}
	return names
}
