package load

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"unicode/utf8"

	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/encoding"
)

// values are those of a page or of a dictionary, without NULLs, as the library
// decoded them. Workers share them: several batches may lie in one page.
type values struct {
	n          int
	dictionary bool
	int32s     []int32
	int64s     []int64
	int96s     []deprecated.Int96
	bytes      []byte
	width      int      // of each in bytes, 0 for any length
	offsets    []uint32 // in bytes, of values of any length and of their end

	once   sync.Once
	broken error
	utf8   bool // texts: all of them are
	table  table
}

// newValues panics on types that bind refuses.
func newValues(raw encoding.Values, dictionary bool) *values {
	v := &values{dictionary: dictionary}
	switch raw.Kind() {
	case encoding.Int32:
		v.int32s = raw.Int32()
		v.n = len(v.int32s)
	case encoding.Int64:
		v.int64s = raw.Int64()
		v.n = len(v.int64s)
	case encoding.Int96:
		v.int96s = raw.Int96()
		v.n = len(v.int96s)
	case encoding.FixedLenByteArray:
		v.bytes, v.width = raw.FixedLenByteArray()
		v.n = len(v.bytes) / v.width
	default:
		v.bytes, v.offsets = raw.ByteArray()
		v.n = max(len(v.offsets)-1, 0)
	}
	return v
}

// prepare does once what need not be done for every value. All of v's values
// are those of l.
func (v *values) prepare(l *leaf) error {
	v.once.Do(func() {
		if v.broken = v.checkOffsets(); v.broken != nil {
			return
		}
		if l.convert == nil {
			v.utf8 = v.allUTF8()
		}
		if v.dictionary {
			v.table = newTable(l, v)
		}
	})
	return v.broken
}

var (
	errOffsets = errors.New("values lie outside of their page")
	errPlace   = errors.New("values that the dictionary does not have")
	errFew     = errors.New("a page has fewer values than it says")
)

func (v *values) checkOffsets() error {
	if v.n == 0 || v.offsets == nil {
		return nil
	}
	last := v.offsets[0]
	for _, at := range v.offsets {
		if at < last {
			return errOffsets
		}
		last = at
	}
	if int64(last) > int64(len(v.bytes)) {
		return errOffsets
	}
	return nil
}

// allUTF8 looks at all texts as one, which is much faster than at each: what is
// valid as a whole is so in all parts, if none begins inside a character.
func (v *values) allUTF8() bool {
	if v.n == 0 {
		return true
	}
	whole := v.bytes[v.offsets[0]:v.offsets[v.n]]
	if !utf8.Valid(whole) {
		return false
	}
	for i := range v.n {
		if text := v.at(int32(i)); len(text) > 0 && !utf8.RuneStart(text[0]) {
			return false
		}
	}
	return true
}

// at gives the bytes of a value of some length.
func (v *values) at(place int32) []byte {
	if v.offsets == nil {
		from := int(place) * v.width
		return v.bytes[from : from+v.width : from+v.width]
	}
	from, to := v.offsets[place], v.offsets[place+1]
	return v.bytes[from:to:to]
}

// describe writes a value for a reject.
func (v *values) describe(place int32) string {
	switch {
	case v.int32s != nil:
		return strconv.FormatInt(int64(v.int32s[place]), 10)
	case v.int64s != nil:
		return strconv.FormatInt(v.int64s[place], 10)
	case v.int96s != nil:
		return fmt.Sprint(v.int96s[place])
	}
	return string(v.at(place))
}
