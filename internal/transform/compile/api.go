package compile

import (
	"fmt"
	"strings"

	"github.com/tiendi/tiendi/internal/project/jinja"
)

// apiValue is api: the classes Relation and Column.
func apiValue(s *scope) jinja.Value {
	return &attributes{kind: "dict", show: "api", get: func(name string) jinja.Value {
		switch name {
		case "Relation":
			return s.relationClass()
		case "Column":
			return columnClass
		}
		return nil
	}}
}

func (s *scope) relationClass() jinja.Value {
	return &attributes{kind: "RelationProxy", show: "Relation", get: func(name string) jinja.Value {
		if name == "create" {
			return function("Relation.create", s.createRelation)
		}
		if v, ok := relationKind(name); ok {
			return v
		}
		return nil
	}}
}

// createRelation is api.Relation.create(schema=…, identifier=…, type=…).
func (s *scope) createRelation(c *jinja.Call) (jinja.Value, error) {
	r := &relation{}
	for i, a := range c.Args {
		switch i {
		case 1:
			r.schema = textOr(a, "")
		case 2:
			r.identifier = textOr(a, "")
		case 3:
			r.kind = textOr(a, "")
		}
	}
	for _, k := range c.Kwargs {
		switch k.Name {
		case "schema":
			r.schema = textOr(k.Value, "")
		case "identifier":
			r.identifier = textOr(k.Value, "")
		case "type":
			r.kind = textOr(k.Value, "")
		case "can_on_cluster":
			r.onCluster = k.Value == jinja.Bool(true)
		}
	}
	return r, nil
}

// typeLabels are the words that Column.translate_type knows.
var typeLabels = map[string]string{"STRING": "String", "TIMESTAMP": "DateTime", "FLOAT": "Float32", "INTEGER": "Int32"}

func translateType(word string) string {
	if t, ok := typeLabels[strings.ToUpper(word)]; ok {
		return t
	}
	return word
}

// columnType is the class Column: it can be called, and has class methods.
type columnType struct{}

var columnClass jinja.Value = columnType{}

// Type is Python's.
func (columnType) Type() string { return "type" }

// Call makes a column: api.Column('name', 'String').
func (columnType) Call(c *jinja.Call) (jinja.Value, error) {
	a, err := arguments(c, "Column", "column", "dtype", "char_size", "numeric_precision", "numeric_scale")
	if err != nil {
		return nil, err
	}
	return newColumn(textOr(a[0], ""), textOr(a[1], "")), nil
}

// Attr finds a class method.
func (columnType) Attr(name string) (jinja.Value, bool) {
	switch name {
	case "translate_type":
		return function(name, func(c *jinja.Call) (jinja.Value, error) {
			a, err := arguments(c, name, "dtype")
			if err != nil {
				return nil, err
			}
			return jinja.Str(translateType(plainText(a[0]))), nil
		}), true
	case "create":
		return function(name, func(c *jinja.Call) (jinja.Value, error) {
			a, err := arguments(c, name, "name", "label_or_dtype")
			if err != nil {
				return nil, err
			}
			return newColumn(plainText(a[0]), translateType(plainText(a[1]))), nil
		}), true
	case "string_type":
		return function(name, func(*jinja.Call) (jinja.Value, error) { return jinja.Str("String"), nil }), true
	case "numeric_type":
		return function(name, func(c *jinja.Call) (jinja.Value, error) {
			a, err := arguments(c, name, "dtype", "precision", "scale")
			if err != nil {
				return nil, err
			}
			return jinja.Str(fmt.Sprintf("Decimal(%s, %s)", plainText(a[1]), plainText(a[2]))), nil
		}), true
	}
	return nil, false
}
