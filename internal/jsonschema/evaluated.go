package jsonschema

// evaluated is which parts of a value schemas have spoken of, for
// unevaluatedProperties and unevaluatedItems. A nil one notes nothing.
type evaluated struct {
	keys  map[string]bool
	first int          // so many items from the first on
	items map[int]bool // and these
}

func (e *evaluated) key(key string) {
	if e == nil {
		return
	}
	if e.keys == nil {
		e.keys = map[string]bool{}
	}
	e.keys[key] = true
}

func (e *evaluated) upTo(n int) {
	if e != nil {
		e.first = max(e.first, n)
	}
}

func (e *evaluated) item(i int) {
	if e == nil {
		return
	}
	if e.items == nil {
		e.items = map[int]bool{}
	}
	e.items[i] = true
}

func (e *evaluated) merge(o *evaluated) {
	for key := range o.keys {
		e.key(key)
	}
	e.upTo(o.first)
	for i := range o.items {
		e.item(i)
	}
}
