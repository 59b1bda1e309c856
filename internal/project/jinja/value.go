package jinja

import "math/big"

// Value is one Python-like value. The engine's own are None, Bool, Int,
// *BigInt, Float, Str, Markup, *List, *Tuple, *Dict, *Set, *Range, *Namespace,
// *Undefined, *Iterator, *Func, *Macro and the datetime and re types. Any Go
// type with a Type method is a Value too; what a template can do with it is
// said by the optional interfaces in object.go.
type Value interface {
	// Type is the Python name of the type, as error messages print it.
	Type() string
}

type noneType struct{}

// None is Python's None.
var None Value = noneType{}

// Bool is Python's bool; it counts as 0 or 1 in arithmetic.
type Bool bool

// Int is an int that fits 64 bits; larger results become *BigInt.
type Int int64

// BigInt is an int that does not fit 64 bits.
type BigInt struct{ V *big.Int }

// Float is Python's float.
type Float float64

// Str is Python's str, in UTF-8. Indices count code points.
type Str string

// Markup is a str that the filters escape, safe and tojson return: it prints
// as a Str, but what is joined to it is HTML-escaped.
type Markup string

// List is Python's list: mutable, with identity. It must not be shared between
// renders that run at the same time.
type List struct{ Items []Value }

// Tuple is Python's tuple.
type Tuple struct{ Items []Value }

// NewList makes a list that owns items.
func NewList(items ...Value) *List { return &List{Items: items} }

// NewTuple makes a tuple that owns items.
func NewTuple(items ...Value) *Tuple { return &Tuple{Items: items} }

// Type names of the engine's scalar and sequence values.
func (noneType) Type() string { return "NoneType" }

// Type is "bool".
func (Bool) Type() string { return "bool" }

// Type is "int".
func (Int) Type() string { return "int" }

// Type is "int".
func (*BigInt) Type() string { return "int" }

// Type is "float".
func (Float) Type() string { return "float" }

// Type is "str".
func (Str) Type() string { return "str" }

// Type is "Markup".
func (Markup) Type() string { return "Markup" }

// Type is "list".
func (*List) Type() string { return "list" }

// Type is "tuple".
func (*Tuple) Type() string { return "tuple" }
