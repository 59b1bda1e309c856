package jinja

import (
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"time"
)

// Pair is one entry of an ordered mapping from Go: FromGo makes a dict of a
// []Pair.
type Pair struct {
	Key   string
	Value any
}

// FromGo makes a Value of plain Go data: nil, bool, numbers, string, time.Time,
// slices, maps (sorted by key, for want of an order), []Pair, and Values.
func FromGo(x any) (Value, error) {
	switch x := x.(type) {
	case nil:
		return None, nil
	case Value:
		return x, nil
	case bool:
		return Bool(x), nil
	case string:
		return Str(x), nil
	case int:
		return Int(x), nil
	case int64:
		return Int(x), nil
	case uint64:
		return intValue(new(big.Int).SetUint64(x)), nil
	case float64:
		return Float(x), nil
	case time.Time:
		return NewDateTime(x, true), nil
	case []Pair:
		d := NewDict()
		for _, p := range x {
			v, err := FromGo(p.Value)
			if err != nil {
				return nil, err
			}
			if err := d.Set(Str(p.Key), v); err != nil {
				return nil, err
			}
		}
		return d, nil
	}
	return fromReflect(reflect.ValueOf(x))
}

func fromReflect(v reflect.Value) (Value, error) {
	switch v.Kind() {
	case reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int:
		return Int(v.Int()), nil
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint:
		return FromGo(v.Uint())
	case reflect.Float32:
		return Float(v.Float()), nil
	case reflect.String:
		return Str(v.String()), nil
	case reflect.Slice, reflect.Array:
		l := &List{Items: make([]Value, v.Len())}
		for i := range v.Len() {
			item, err := FromGo(v.Index(i).Interface())
			if err != nil {
				return nil, err
			}
			l.Items[i] = item
		}
		return l, nil
	case reflect.Map:
		return fromMap(v)
	}
	return nil, fmt.Errorf("a %s is not plain data", v.Type())
}

func fromMap(m reflect.Value) (Value, error) {
	keys := m.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int {
		x, y := fmt.Sprint(a.Interface()), fmt.Sprint(b.Interface())
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	})
	d := NewDict()
	for _, k := range keys {
		key, err := FromGo(k.Interface())
		if err != nil {
			return nil, err
		}
		val, err := FromGo(m.MapIndex(k).Interface())
		if err != nil {
			return nil, err
		}
		if err := d.Set(key, val); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// ToGo makes plain Go data of a Value: nil, bool, int64, *big.Int, float64,
// string, time.Time, []any, and []Pair for dicts (keys as Python's str prints
// them), so that the order is kept. Other values are given as they are. The
// error is data nested too deep.
func ToGo(v Value) (any, error) { return toGo(v, 0) }

func toGo(v Value, depth int) (any, error) {
	if depth > maxPrintDepth {
		return nil, fmt.Errorf("data is nested deeper than %d levels", maxPrintDepth)
	}
	switch v := v.(type) {
	case nil, noneType, *Undefined:
		return nil, nil
	case Bool:
		return bool(v), nil
	case Int:
		return int64(v), nil
	case *BigInt:
		return new(big.Int).Set(v.V), nil
	case Float:
		return float64(v), nil
	case Str:
		return string(v), nil
	case Markup:
		return string(v), nil
	case *DateTime:
		return v.Time(), nil
	case *Dict:
		return dictToGo(v, depth)
	case *Set:
		return listToGo(v.Items(), depth)
	case *dictView:
		return listToGo(v.items(), depth)
	}
	if items, ok := itemsOf(v); ok {
		return listToGo(items, depth)
	}
	return v, nil
}

func listToGo(items []Value, depth int) (any, error) {
	out := make([]any, len(items))
	for i, item := range items {
		var err error
		if out[i], err = toGo(item, depth+1); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func dictToGo(d *Dict, depth int) (any, error) {
	out := make([]Pair, 0, d.Len())
	vals := d.Values()
	for i, k := range d.Keys() {
		name, err := String(k)
		if err != nil {
			return nil, err
		}
		val, err := toGo(vals[i], depth+1)
		if err != nil {
			return nil, err
		}
		out = append(out, Pair{name, val})
	}
	return out, nil
}
