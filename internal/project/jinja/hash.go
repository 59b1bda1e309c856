package jinja

import (
	"math"
	"math/big"
	"reflect"
	"strings"
)

type (
	strKey   string
	bigKey   string
	tupleKey string
	undefKey struct{}
)

// hashKey gives a Go-comparable key that is the same for equal values.
func hashKey(v Value) (any, error) {
	switch v := v.(type) {
	case Str:
		return strKey(v), nil
	case Markup:
		return strKey(v), nil
	case Int:
		return int64(v), nil
	case Bool:
		if v {
			return int64(1), nil
		}
		return int64(0), nil
	case Float:
		if i := int64(v); Float(i) == v && math.Abs(float64(v)) < 1<<62 {
			return i, nil
		}
		if f := float64(v); f == math.Trunc(f) && !math.IsInf(f, 0) {
			b, _ := big.NewFloat(f).Int(nil)
			return bigKey(b.String()), nil
		}
		return float64(v), nil
	case *BigInt:
		return bigKey(v.V.String()), nil
	case *Tuple:
		return hashTuple(v)
	case *Undefined:
		return undefKey{}, nil
	case Hasher:
		if key := v.HashKey(); isComparable(key) {
			return key, nil
		}
	case *List, *Dict, *Set, *sliceValue:
	default:
		if isComparable(v) {
			return v, nil
		}
	}
	return nil, raise(TypeError, "unhashable type: %s", reprStr(v.Type()))
}

// isComparable says whether == on v cannot panic, which depends on the Go types
// that the consumer brings.
func isComparable(v any) bool { return v == nil || reflect.ValueOf(v).Comparable() }

// hashTuple joins the keys of the items; keys that are not text are told apart
// by their type, objects by identity.
func hashTuple(t *Tuple) (any, error) {
	parts := make([]any, len(t.Items))
	var b strings.Builder
	plain := true
	for i, item := range t.Items {
		h, err := hashKey(item)
		if err != nil {
			return nil, err
		}
		parts[i] = h
		switch h := h.(type) {
		case strKey:
			b.WriteString("s" + string(lenPrefix(len(h))) + string(h))
		case int64:
			b.WriteString("i" + string(lenPrefix(int(h))))
		case tupleKey:
			b.WriteString("t" + string(lenPrefix(len(h))) + string(h))
		default:
			plain = false
		}
	}
	if plain {
		return tupleKey(b.String()), nil
	}
	return nestedKey(parts), nil
}

func lenPrefix(n int) []byte {
	return append(big.NewInt(int64(n)).Append(nil, 10), ':')
}

// pairKey chains keys that are not text.
type pairKey struct {
	first any
	rest  any
}

func nestedKey(parts []any) any {
	var key any
	for i := len(parts) - 1; i >= 0; i-- {
		key = pairKey{parts[i], key}
	}
	return key
}
