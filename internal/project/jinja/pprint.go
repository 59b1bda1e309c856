package jinja

import (
	"strings"
	"unicode/utf8"
)

// pprintWidth is that of Python's pprint.
const pprintWidth = 80

// pprint is pprint.pformat for strs, numbers, lists, tuples, dicts and sets:
// what fits stands on one line, dicts are sorted by key.
func pprint(v Value) (string, error) {
	p := pretty{}
	return p.format(v, 0, 0, 0)
}

type pretty struct{}

// format prints v at an indent, leaving room for what must follow.
func (p pretty) format(v Value, indent, room, depth int) (string, error) {
	flat, err := Repr(sortedDicts(v, 0))
	if err != nil || depth > maxPrintDepth {
		return flat, err
	}
	if utf8.RuneCountInString(flat) <= pprintWidth-indent-room {
		return flat, nil
	}
	switch v := v.(type) {
	case *List:
		return p.sequence("[", v.Items, "]", indent, room, depth)
	case *Tuple:
		closing := ")"
		if len(v.Items) == 1 {
			closing = ",)"
		}
		return p.sequence("(", v.Items, closing, indent, room, depth)
	case *Dict:
		return p.dict(v, indent, room, depth)
	}
	return flat, nil
}

func (p pretty) sequence(open string, items []Value, closing string, indent, room, depth int) (string, error) {
	parts := make([]string, len(items))
	for i, item := range items {
		after := 1
		if i == len(items)-1 {
			after = room + len(closing)
		}
		var err error
		if parts[i], err = p.format(item, indent+1, after, depth+1); err != nil {
			return "", err
		}
	}
	return open + strings.Join(parts, ",\n"+strings.Repeat(" ", indent+1)) + closing, nil
}

func (p pretty) dict(d *Dict, indent, room, depth int) (string, error) {
	sorted := sortedDicts(d, 0).(*Dict)
	keys, vals := sorted.Keys(), sorted.Values()
	parts := make([]string, len(keys))
	for i, k := range keys {
		after := 1
		if i == len(keys)-1 {
			after = room + 1
		}
		key, err := Repr(k)
		if err != nil {
			return "", err
		}
		val, err := p.format(vals[i], indent+utf8.RuneCountInString(key)+3, after, depth+1)
		if err != nil {
			return "", err
		}
		parts[i] = key + ": " + val
	}
	return "{" + strings.Join(parts, ",\n"+strings.Repeat(" ", indent+1)) + "}", nil
}

// sortedDicts sorts the keys of a dict and of those within.
func sortedDicts(v Value, depth int) Value {
	if depth > maxPrintDepth {
		return v
	}
	switch v := v.(type) {
	case *List:
		out := &List{Items: make([]Value, len(v.Items))}
		for i, item := range v.Items {
			out.Items[i] = sortedDicts(item, depth+1)
		}
		return out
	case *Dict:
		pairs := zipPairs(v.Keys(), v.Values())
		if sorted, err := sortBy(pairs, func(p Value) (Value, error) { return p.(*Tuple).Items[0], nil }, false); err == nil {
			pairs = sorted
		}
		d := NewDict()
		for _, p := range pairs {
			pair := p.(*Tuple).Items
			_ = d.Set(pair[0], sortedDicts(pair[1], depth+1)) // it was a key before
		}
		return d
	}
	return v
}
