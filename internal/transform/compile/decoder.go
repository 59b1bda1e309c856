package compile

import (
	"encoding/binary"
	"math"
	"reflect"
)

// decoder reads what encoder wrote. Text is shared with the data. Damaged
// data gives errCorrupt, never a panic or an allocation beyond its size.
type decoder struct {
	data   []byte
	whole  string // the same bytes
	at     int
	texts  []string
	fields fields
	depth  int
	err    error
}

func newDecoder(data []byte) *decoder {
	return &decoder{data: data, whole: asText(data), fields: fields{}}
}

func (d *decoder) fail() { d.err = errCorrupt }

func (d *decoder) uint() uint64 {
	if d.err != nil {
		return 0
	}
	n, size := binary.Uvarint(d.data[d.at:])
	if size <= 0 {
		d.fail()
		return 0
	}
	d.at += size
	return n
}

func (d *decoder) int() int64 {
	if d.err != nil {
		return 0
	}
	n, size := binary.Varint(d.data[d.at:])
	if size <= 0 {
		d.fail()
		return 0
	}
	d.at += size
	return n
}

// count reads a number of items, of which each takes a byte at least.
func (d *decoder) count() int {
	n := d.uint()
	if n > uint64(len(d.data)-d.at) {
		d.fail()
		return 0
	}
	return int(n)
}

func (d *decoder) text() string {
	n := d.uint()
	if n > 0 {
		if n > uint64(len(d.texts)) {
			d.fail()
			return ""
		}
		return d.texts[n-1]
	}
	size := d.count()
	if d.err != nil {
		return ""
	}
	s := d.whole[d.at : d.at+size]
	d.at += size
	d.texts = append(d.texts, s)
	return s
}

// maxDepth bounds lists and maps within each other.
const maxDepth = 200

func (d *decoder) any() any {
	if d.depth++; d.depth > maxDepth {
		d.fail()
	}
	defer func() { d.depth-- }()
	switch d.uint() {
	case anyNil:
		return nil
	case anyFalse:
		return false
	case anyTrue:
		return true
	case anyInt:
		return d.int()
	case anyFloat:
		if len(d.data)-d.at < 8 {
			d.fail()
			return nil
		}
		d.at += 8
		return math.Float64frombits(binary.LittleEndian.Uint64(d.data[d.at-8:]))
	case anyText:
		return d.text()
	case anyList:
		list := make([]any, d.count())
		for i := range list {
			list[i] = d.any()
		}
		return list
	case anyMap:
		n := d.count()
		m := make(map[string]any, n)
		for range n {
			if d.err != nil {
				break
			}
			k := d.text()
			m[k] = d.any()
		}
		return m
	}
	d.fail()
	return nil
}

// value fills v, which must be settable.
func (d *decoder) value(v reflect.Value) {
	if d.err != nil {
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(d.text())
	case reflect.Bool:
		v.SetBool(d.uint() == 1)
	case reflect.Int, reflect.Int64:
		v.SetInt(d.int())
	case reflect.Uint64:
		v.SetUint(d.uint())
	case reflect.Interface:
		if x := d.any(); x != nil {
			v.Set(reflect.ValueOf(x))
		}
	case reflect.Pointer:
		if d.uint() == 1 {
			v.Set(reflect.New(v.Type().Elem()))
			d.value(v.Elem())
		}
	case reflect.Slice:
		d.slice(v)
	case reflect.Map:
		if m, ok := d.any().(map[string]any); ok {
			v.Set(reflect.ValueOf(m))
		}
	case reflect.Struct:
		for _, i := range d.fields.of(v.Type()) {
			d.value(v.Field(i))
		}
	default:
		d.fail()
	}
}

func (d *decoder) slice(v reflect.Value) {
	n := d.uint()
	if n == 0 || d.err != nil {
		return
	}
	n--
	if n > uint64(len(d.data)-d.at) {
		d.fail()
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), int(n), int(n)))
	for i := range int(n) {
		d.value(v.Index(i))
	}
}
