package jinja

import "unicode/utf8"

// iterator yields values one by one.
type iterator interface {
	next() (Value, bool, error)
}

// Iterator is a Python iterator as a value: it can be gone through once, is
// always true and has no length.
type Iterator struct {
	name string // Python's type name
	it   iterator
}

// NewIterator makes a value of a function that yields items until false.
func NewIterator(name string, next func() (Value, bool, error)) *Iterator {
	return &Iterator{name, funcIter(next)}
}

// Type is Python's name of the iterator.
func (it *Iterator) Type() string { return it.name }

// String is how Python prints it, without the address.
func (it *Iterator) String() string { return "<" + it.name + " object>" }

func (it *Iterator) next() (Value, bool, error) { return it.it.next() }

type funcIter func() (Value, bool, error)

func (f funcIter) next() (Value, bool, error) { return f() }

type sliceIter struct {
	items []Value
	i     int
}

func (it *sliceIter) next() (Value, bool, error) {
	if it.i >= len(it.items) {
		return nil, false, nil
	}
	it.i++
	return it.items[it.i-1], true, nil
}

// listIter sees what is added to the list meanwhile, as Python's does.
type listIter struct {
	l *List
	i int
}

func (it *listIter) next() (Value, bool, error) {
	if it.i >= len(it.l.Items) {
		return nil, false, nil
	}
	it.i++
	return it.l.Items[it.i-1], true, nil
}

type strIter struct{ s string }

func (it *strIter) next() (Value, bool, error) {
	if it.s == "" {
		return nil, false, nil
	}
	_, n := utf8.DecodeRuneInString(it.s)
	c := it.s[:n]
	it.s = it.s[n:]
	return Str(c), true, nil
}

type rangeIter struct {
	r    *Range
	i, n int
}

func (it *rangeIter) next() (Value, bool, error) {
	if it.i >= it.n {
		return nil, false, nil
	}
	it.i++
	return it.r.at(it.i - 1), true, nil
}

// iterate goes through v.
func iterate(v Value) (iterator, error) {
	switch v := v.(type) {
	case *List:
		return &listIter{l: v}, nil
	case *Tuple:
		return &sliceIter{items: v.Items}, nil
	case Str:
		return &strIter{string(v)}, nil
	case Markup:
		return &strIter{string(v)}, nil
	case *Dict:
		return &dictIter{view: &dictView{v, "dict_keys"}, live: v.live}, nil
	case *dictView:
		return &dictIter{view: v, live: v.d.live}, nil
	case *Set:
		return &sliceIter{items: v.Items()}, nil
	case *Range:
		return &rangeIter{r: v, n: v.Len()}, nil
	case *Undefined:
		return &sliceIter{}, nil
	case *Iterator:
		return v, nil
	case *group:
		return &sliceIter{items: v.pair()}, nil
	case Iterable:
		next := v.Iter()
		return funcIter(func() (Value, bool, error) {
			x, ok := next()
			return x, ok, nil
		}), nil
	}
	return nil, raise(TypeError, "%s object is not iterable", reprStr(v.Type()))
}

// itemsOf gives the items of a list or tuple.
func itemsOf(v Value) ([]Value, bool) {
	switch v := v.(type) {
	case *List:
		return v.Items, true
	case *Tuple:
		return v.Items, true
	case *group:
		return v.pair(), true
	}
	return nil, false
}

// collect makes a new slice of all items of v.
func (st *state) collect(v Value) ([]Value, error) {
	if items, ok := itemsOf(v); ok {
		st.charge(16 * len(items))
		return append([]Value(nil), items...), nil
	}
	if n, ok := lengthOf(v); ok {
		if err := st.items(n); err != nil {
			return nil, err
		}
	}
	it, err := iterate(v)
	if err != nil {
		return nil, err
	}
	return st.drain(it)
}

func (st *state) drain(it iterator) ([]Value, error) {
	var out []Value
	for {
		x, ok, err := it.next()
		if err != nil || !ok {
			return out, err
		}
		out = append(out, x)
		if err := st.items(len(out)); err != nil {
			return nil, err
		}
		if err := st.step(); err != nil {
			return nil, err
		}
	}
}

// lengthOf is Python's len, false for what has none.
func lengthOf(v Value) (int, bool) {
	switch v := v.(type) {
	case Str:
		return utf8.RuneCountInString(string(v)), true
	case Markup:
		return utf8.RuneCountInString(string(v)), true
	case *List:
		return len(v.Items), true
	case *Tuple:
		return len(v.Items), true
	case *Undefined:
		return 0, true
	case *Iterator:
		return 0, false
	case Sized:
		return v.Len(), true
	}
	return 0, false
}
