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

// fn makes a function of its arguments' values only.
func fn(name string, f func(args []Value) Value) Value {
	return NewFunc(name, func(c *Call) (Value, error) { return f(c.Args), nil })
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

func silent(name string) Value { return fn(name, func([]Value) Value { return Str("") }) }

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
	get := fn("get", func(a []Value) Value {
		if a[0] == Str("materialized") {
			return Str("incremental")
		}
		return orArg(a, 1, None)
	})
	adapter := attrs{
		"quote": fn("quote", func(a []Value) Value { return Str(`"` + string(a[0].(Str)) + `"`) }),
		"get_columns_in_relation": fn("get_columns_in_relation", func([]Value) Value {
			return NewList(column("id", "integer"), column("name", "text"), column("Amount", "numeric"))
		}),
	}
	fail := NewFunc("raise_compiler_error", func(c *Call) (Value, error) { return nil, errors.New(string(c.Args[0].(Str))) })
	return Map{
		"ref":    fn("ref", func(a []Value) Value { return relation{"sch", string(a[len(a)-1].(Str))} }),
		"source": fn("source", func(a []Value) Value { return relation{string(a[0].(Str)), string(a[1].(Str))} }),
		"this":   relation{"sch", "this_model"},
		"var": fn("var", func(a []Value) Value {
			if a[0] == Str("start") {
				return Str("2020-01-01")
			}
			return orArg(a, 1, None)
		}),
		"config":         configObject{attrs{"get": get, "require": get}},
		"is_incremental": fn("is_incremental", func([]Value) Value { return Bool(false) }),
		"target":         dictOf("name", "dev", "type", "postgres", "schema", "sch", "database", "db"),
		"env_var":        fn("env_var", func(a []Value) Value { return orArg(a, 1, Str("env:"+string(a[0].(Str)))) }),
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
