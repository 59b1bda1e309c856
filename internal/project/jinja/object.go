package jinja

// The interfaces below are optional: a Go value handed to templates implements
// those that make sense for it. Without any of them it has no attributes, is
// true, equals only itself, is hashable by identity and prints as <Type object>.

// Attributer has attributes and methods: {{ this.schema }}, {{ this.render() }}.
type Attributer interface {
	// Attr gives the attribute, or false when there is none.
	Attr(name string) (Value, bool)
}

// Indexer has items: {{ target['schema'] }}.
type Indexer interface {
	// Item gives the item, or false when there is none.
	Item(key Value) (Value, bool)
}

// ItemSetter takes items through methods of its own kind, as dict.update does.
type ItemSetter interface {
	SetItem(key, value Value) error
}

// Callable can be called: {{ ref('a') }}.
type Callable interface {
	Call(c *Call) (Value, error)
}

// Stringer says how the value prints (Python's __str__).
type Stringer interface {
	String() string
}

// Reprer says how the value prints within a list or dict (Python's __repr__);
// without it String is used.
type Reprer interface {
	Repr() string
}

// Iterable can be looped over.
type Iterable interface {
	// Iter gives a function that yields the next item, and false at the end.
	Iter() func() (Value, bool)
}

// Sized has a length, and is false when it is 0.
type Sized interface {
	Len() int
}

// Truther says whether the value counts as true.
type Truther interface {
	Truth() bool
}

// Container answers x in value.
type Container interface {
	Contains(v Value) bool
}

// Hasher makes the value equal to, and the same dict key as, every value with
// the same key. The key must be comparable with Go's ==.
type Hasher interface {
	HashKey() any
}

// MappingTester answers `is mapping` for a value that is no Mapping: dbt's
// relations are abstract mappings that cannot be listed.
type MappingTester interface {
	IsMapping() bool
}

// Mapping marks a value that counts as a dict for `is mapping`, |items, |dictsort
// and ** arguments. Keys are given in order.
type Mapping interface {
	Indexer
	Iterable
	Sized
}
