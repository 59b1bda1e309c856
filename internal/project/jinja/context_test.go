package jinja

import (
	"context"
	"errors"
	"time"
)

// relation is what ref, source and this give in the conformance cases.
type relation struct{ schema, name string }

func (relation) Type() string     { return "Relation" }
func (r relation) String() string { return `"db"."` + r.schema + `"."` + r.name + `"` }
func (r relation) HashKey() any   { return r }

func (r relation) Attr(name string) (Value, bool) {
	switch name {
	case "database":
		return Str("db"), true
	case "schema":
		return Str(r.schema), true
	case "identifier", "name":
		return Str(r.name), true
	case "type":
		return Str("table"), true
	case "render":
		return NewFunc(name, func(*Call) (Value, error) { return Str(r.String()), nil }), true
	}
	return nil, false
}

// attrs is an object made of fixed attributes.
type attrs map[string]Value

func (attrs) Type() string { return "object" }

func (a attrs) Attr(name string) (Value, bool) {
	v, ok := a[name]
	return v, ok
}

func column(name, dtype string) Value {
	isString := NewFunc("is_string", func(*Call) (Value, error) { return Bool(dtype == "text"), nil })
	return attrs{"name": Str(name), "column": Str(name), "dtype": Str(dtype), "data_type": Str(dtype),
		"quoted": Str(`"` + name + `"`), "is_string": isString}
}

// fn makes a function of its arguments' values only, of which least must be
// given, the first of them texts.
func fn(name string, least int, f func(args []Value) Value) Value {
	return NewFunc(name, func(c *Call) (Value, error) {
		if len(c.Args) < least {
			return nil, raise(TypeError, "%s() wants %d arguments", name, least)
		}
		for _, a := range c.Args[:least] {
			if _, err := textArg(a); err != nil {
				return nil, err
			}
		}
		return f(c.Args), nil
	})
}

func text(v Value) string {
	s, _ := textOf(v)
	return s
}

// orArg gives the argument at i, or otherwise.
func orArg(args []Value, i int, otherwise Value) Value {
	if i < len(args) {
		return args[i]
	}
	return otherwise
}

type configObject struct{ attrs }

func (configObject) Call(*Call) (Value, error) { return Str(""), nil }

func silent(name string) Value { return fn(name, 0, func([]Value) Value { return Str("") }) }

func dictOf(pairs ...string) *Dict {
	d := NewDict()
	for i := 0; i < len(pairs); i += 2 {
		if err := d.Set(Str(pairs[i]), Str(pairs[i+1])); err != nil {
			panic(err)
		}
	}
	return d
}

// dbtScope is the context that the README of the conformance cases describes,
// except that is_incremental() is false: the case of that name prints nothing.
func dbtScope() Map {
	get := fn("get", 1, func(a []Value) Value {
		if a[0] == Str("materialized") {
			return Str("incremental")
		}
		return orArg(a, 1, None)
	})
	adapter := attrs{
		"quote": fn("quote", 1, func(a []Value) Value { return Str(`"` + text(a[0]) + `"`) }),
		"get_columns_in_relation": fn("get_columns_in_relation", 0, func([]Value) Value {
			return NewList(column("id", "integer"), column("name", "text"), column("Amount", "numeric"))
		}),
	}
	fail := NewFunc("raise_compiler_error", func(*Call) (Value, error) { return nil, errors.New("raised by the template") })
	return Map{
		"ref":    fn("ref", 1, func(a []Value) Value { return relation{"sch", text(a[len(a)-1])} }),
		"source": fn("source", 2, func(a []Value) Value { return relation{text(a[0]), text(a[1])} }),
		"this":   relation{"sch", "this_model"},
		"var": fn("var", 1, func(a []Value) Value {
			if a[0] == Str("start") {
				return Str("2020-01-01")
			}
			return orArg(a, 1, None)
		}),
		"config":         configObject{attrs{"get": get, "require": get}},
		"is_incremental": fn("is_incremental", 0, func([]Value) Value { return Bool(false) }),
		"target":         dictOf("name", "dev", "type", "postgres", "schema", "sch", "database", "db"),
		"env_var":        fn("env_var", 1, func(a []Value) Value { return orArg(a, 1, Str("env:"+text(a[0]))) }),
		"adapter":        adapter,
		"execute":        Bool(true),
		"run_started_at": NewDateTime(time.Date(2020, 1, 2, 0, 0, 0, 0, time.UTC), false),
		"log":            silent("log"),
		"print":          silent("print"),
		"exceptions":     attrs{"raise_compiler_error": fail},
		"modules":        Modules(),
	}
}

// renderCase renders one template with the macros of root in scope.
func renderCase(root []*Definition, source string) (string, error) {
	scope := dbtScope()
	for _, d := range root {
		scope[d.Name] = d.Bind(scope)
	}
	t, err := Parse("case.sql", source)
	if err != nil {
		return "", err
	}
	return t.Render(context.Background(), scope, Options{})
}
