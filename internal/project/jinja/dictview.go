package jinja

// dictView is what keys(), values() and items() of a dict give.
type dictView struct {
	d    *Dict
	kind string // dict_keys, dict_values, dict_items
}

// Type is dict_keys, dict_values or dict_items.
func (v *dictView) Type() string { return v.kind }

// Len is that of the dict.
func (v *dictView) Len() int { return v.d.live }

func (v *dictView) at(i int) Value {
	switch v.kind {
	case "dict_keys":
		return v.d.keys[i]
	case "dict_values":
		return v.d.vals[i]
	}
	return NewTuple(v.d.keys[i], v.d.vals[i])
}

func (v *dictView) items() []Value {
	out := make([]Value, 0, v.d.live)
	for i, k := range v.d.keys {
		if k != nil {
			out = append(out, v.at(i))
		}
	}
	return out
}

// dictIter goes through a dict that must keep its size meanwhile.
type dictIter struct {
	view *dictView
	i    int
	live int
}

func (it *dictIter) next() (Value, bool, error) {
	d := it.view.d
	if d.live != it.live {
		return nil, false, raise(RuntimeError, "dictionary changed size during iteration")
	}
	for it.i < len(d.keys) {
		it.i++
		if d.keys[it.i-1] != nil {
			return it.view.at(it.i - 1), true, nil
		}
	}
	return nil, false, nil
}
