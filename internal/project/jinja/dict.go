package jinja

// Dict is Python's dict: it keeps the order of insertion.
type Dict struct {
	keys  []Value // nil where an entry was deleted
	vals  []Value
	index map[any]int // by hash key; nil while the dict is small
	live  int
}

// smallDict entries are searched one by one.
const smallDict = 8

// NewDict makes an empty dict.
func NewDict() *Dict { return &Dict{} }

// Type is "dict".
func (*Dict) Type() string { return "dict" }

// Len is the number of entries.
func (d *Dict) Len() int { return d.live }

func (d *Dict) find(key Value) (int, any, error) {
	if d.index == nil {
		if s, ok := key.(Str); ok {
			return d.findStr(s), nil, nil
		}
	}
	h, err := hashKey(key)
	if err != nil {
		return -1, nil, err
	}
	if d.index != nil {
		if i, ok := d.index[h]; ok {
			return i, h, nil
		}
		return -1, h, nil
	}
	for i, k := range d.keys {
		if k != nil {
			if other, _ := hashKey(k); other == h {
				return i, h, nil
			}
		}
	}
	return -1, h, nil
}

func (d *Dict) findStr(s Str) int {
	for i, k := range d.keys {
		switch k := k.(type) {
		case Str:
			if k == s {
				return i
			}
		case Markup:
			if string(k) == string(s) {
				return i
			}
		}
	}
	return -1
}

// Get finds the value of key. The error is that the key is not hashable.
func (d *Dict) Get(key Value) (Value, bool, error) {
	i, _, err := d.find(key)
	if err != nil || i < 0 {
		return nil, false, err
	}
	return d.vals[i], true, nil
}

// GetStr finds the value of a str key.
func (d *Dict) GetStr(key string) (Value, bool) {
	v, ok, _ := d.Get(Str(key))
	return v, ok
}

// Set adds or replaces an entry. The error is that the key is not hashable.
func (d *Dict) Set(key, val Value) error {
	i, h, err := d.find(key)
	if err != nil {
		return err
	}
	if i >= 0 {
		d.vals[i] = val
		return nil
	}
	d.keys, d.vals = append(d.keys, key), append(d.vals, val)
	d.live++
	if d.index != nil {
		d.index[h] = len(d.keys) - 1
	} else if len(d.keys) > smallDict {
		d.reindex()
	}
	return nil
}

// Delete removes an entry and says whether there was one.
func (d *Dict) Delete(key Value) (Value, bool, error) {
	i, h, err := d.find(key)
	if err != nil || i < 0 {
		return nil, false, err
	}
	v := d.vals[i]
	d.keys[i], d.vals[i] = nil, nil
	d.live--
	if d.index != nil && d.live*2 > len(d.keys) {
		delete(d.index, h)
	} else {
		d.compact()
	}
	return v, true, nil
}

// compact closes the gaps that deletions left.
func (d *Dict) compact() {
	n := 0
	for i, k := range d.keys {
		if k != nil {
			d.keys[n], d.vals[n] = k, d.vals[i]
			n++
		}
	}
	clear(d.keys[n:])
	clear(d.vals[n:])
	d.keys, d.vals = d.keys[:n], d.vals[:n]
	d.reindex()
}

func (d *Dict) reindex() {
	d.index = nil
	if len(d.keys) <= smallDict {
		return
	}
	d.index = make(map[any]int, 2*len(d.keys))
	for i, k := range d.keys {
		if k != nil {
			h, _ := hashKey(k)
			d.index[h] = i
		}
	}
}

// Clear removes all entries.
func (d *Dict) Clear() { *d = Dict{} }

// Keys lists the keys in order.
func (d *Dict) Keys() []Value { return d.list(d.keys) }

// Values lists the values in order.
func (d *Dict) Values() []Value { return d.list(d.vals) }

func (d *Dict) list(of []Value) []Value {
	out := make([]Value, 0, d.live)
	for i, v := range of {
		if d.keys[i] != nil {
			out = append(out, v)
		}
	}
	return out
}

// Copy makes a dict with the same entries.
func (d *Dict) Copy() *Dict {
	c := &Dict{keys: d.Keys(), vals: d.Values(), live: d.live}
	c.reindex()
	return c
}
