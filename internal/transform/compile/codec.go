package compile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"unsafe"
)

// The state of a parse is kept in a binary form of our own: exported fields in
// the order of their types, integers as varints, each distinct text once.
// Reading makes no copy of text, which is most of what there is.

var errCorrupt = errors.New("the saved parse is damaged")

// encoder writes values.
type encoder struct {
	buf    []byte
	texts  map[string]uint64
	fields fields
}

// fields remembers which fields of a struct are exported.
type fields map[reflect.Type][]int

func (f fields) of(t reflect.Type) []int {
	if list, ok := f[t]; ok {
		return list
	}
	list := []int{}
	for i := range t.NumField() {
		if t.Field(i).IsExported() {
			list = append(list, i)
		}
	}
	f[t] = list
	return list
}

func (e *encoder) uint(n uint64) { e.buf = binary.AppendUvarint(e.buf, n) }

// text writes a text, or the number of an earlier equal one.
func (e *encoder) text(s string) {
	if n, ok := e.texts[s]; ok {
		e.uint(n)
		return
	}
	e.texts[s] = uint64(len(e.texts) + 1)
	e.uint(0)
	e.uint(uint64(len(s)))
	e.buf = append(e.buf, s...)
}

// kinds of the values that an interface may hold.
const (
	anyNil = iota
	anyFalse
	anyTrue
	anyInt
	anyFloat
	anyText
	anyList
	anyMap
)

// any writes a plain value.
func (e *encoder) any(v any) error {
	switch v := v.(type) {
	case nil:
		e.uint(anyNil)
	case bool:
		e.uint(anyFalse)
		if v {
			e.buf[len(e.buf)-1] = anyTrue
		}
	case int:
		e.uint(anyInt)
		e.buf = binary.AppendVarint(e.buf, int64(v))
	case int64:
		e.uint(anyInt)
		e.buf = binary.AppendVarint(e.buf, v)
	case float64:
		e.uint(anyFloat)
		e.buf = binary.LittleEndian.AppendUint64(e.buf, math.Float64bits(v))
	case string:
		e.uint(anyText)
		e.text(v)
	case []any:
		e.uint(anyList)
		e.uint(uint64(len(v)))
		for _, item := range v {
			if err := e.any(item); err != nil {
				return err
			}
		}
	case map[string]any:
		e.uint(anyMap)
		e.uint(uint64(len(v)))
		for _, k := range keysOf(v) {
			e.text(k)
			if err := e.any(v[k]); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("a %T is no plain value", v)
	}
	return nil
}

// value writes v by its type.
func (e *encoder) value(v reflect.Value) error {
	switch v.Kind() {
	case reflect.String:
		e.text(v.String())
	case reflect.Bool:
		e.uint(0)
		if v.Bool() {
			e.buf[len(e.buf)-1] = 1
		}
	case reflect.Int, reflect.Int64:
		e.buf = binary.AppendVarint(e.buf, v.Int())
	case reflect.Uint64:
		e.uint(v.Uint())
	case reflect.Interface:
		return e.any(v.Interface())
	case reflect.Pointer:
		if v.IsNil() {
			e.uint(0)
			return nil
		}
		e.uint(1)
		return e.value(v.Elem())
	case reflect.Slice:
		return e.slice(v)
	case reflect.Map:
		if v.Type().Elem().Kind() == reflect.Interface {
			if v.IsNil() {
				return e.any(nil)
			}
			return e.any(v.Interface())
		}
		return fmt.Errorf("a %s cannot be saved", v.Type())
	case reflect.Struct:
		for _, i := range e.fields.of(v.Type()) {
			if err := e.value(v.Field(i)); err != nil {
				return err
			}
		}
	default:
		return fmt.Errorf("a %s cannot be saved", v.Type())
	}
	return nil
}

func (e *encoder) slice(v reflect.Value) error {
	if v.IsNil() {
		e.uint(0)
		return nil
	}
	e.uint(uint64(v.Len()) + 1)
	for i := range v.Len() {
		if err := e.value(v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

// layout describes a type down to its fields, so that a saved parse of other
// types is not read.
func layout(t reflect.Type, into *strings.Builder) {
	fmt.Fprintf(into, "%s(", t.Kind())
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map:
		layout(t.Elem(), into)
	case reflect.Struct:
		for i := range t.NumField() {
			if f := t.Field(i); f.IsExported() {
				into.WriteString(f.Name)
				layout(f.Type, into)
			}
		}
	}
	into.WriteByte(')')
}

// asText shares the bytes of data, which must not change any more.
func asText(data []byte) string { return unsafe.String(unsafe.SliceData(data), len(data)) }
