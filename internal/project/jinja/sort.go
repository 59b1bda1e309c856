package jinja

import "slices"

// listSort is list.sort(key=None, reverse=False).
func listSort(c *Call) (Value, error) {
	if len(c.Args) > 1 {
		return nil, raise(TypeError, "sort() takes no positional arguments")
	}
	var key func(Value) (Value, error)
	reverse := false
	for _, k := range c.Kwargs {
		switch k.Name {
		case "reverse":
			reverse = truth(k.Value)
		case "key":
			fn := k.Value
			if fn != None {
				key = func(v Value) (Value, error) { return c.Invoke(fn, []Value{v}, nil) }
			}
		default:
			return nil, raise(TypeError, "sort() got an unexpected keyword argument %s", reprStr(k.Name))
		}
	}
	l := c.Args[0].(*List)
	c.st.charge(128 * len(l.Items))
	sorted, err := sortBy(l.Items, key, reverse)
	if err != nil {
		return nil, err
	}
	l.Items = sorted
	return None, nil
}

// sortBy sorts stably, like Python's sorted.
func sortBy(items []Value, key func(Value) (Value, error), reverse bool) ([]Value, error) {
	type keyed struct{ key, v Value }
	list := make([]keyed, len(items))
	for i, v := range items {
		list[i] = keyed{v, v}
		if key != nil {
			k, err := key(v)
			if err != nil {
				return nil, err
			}
			list[i].key = k
		}
	}
	var failed error
	compare := func(a, b keyed) int {
		n, err := order(a.key, b.key, "<")
		if err != nil && failed == nil {
			failed = err
		}
		if n == notANumber {
			return 0
		}
		return n
	}
	if reverse {
		slices.SortStableFunc(list, func(a, b keyed) int { return compare(b, a) })
	} else {
		slices.SortStableFunc(list, compare)
	}
	out := make([]Value, len(list))
	for i, k := range list {
		out[i] = k.v
	}
	return out, failed
}
