package pgtext

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/warehouse/native"
)

func newStrings() *Column {
	v := &native.Strings{}
	return &Column{Growing: v, blank: func() { v.AppendBytes(nil) }, parse: func(text []byte) error {
		v.AppendBytes(text)
		return nil
	}}
}

func newCategories() *Column {
	v := &native.Categories{}
	return &Column{Growing: v, blank: func() { v.AppendBytes(nil) }, parse: func(text []byte) error {
		v.AppendBytes(text)
		return nil
	}}
}

func newUUIDs() *Column {
	v := &native.UUIDs{}
	return &Column{Growing: v, blank: func() { v.Append([16]byte{}) }, parse: func(text []byte) error {
		id, err := event.ParseID(text)
		if err != nil {
			return errors.New("it is no UUID")
		}
		v.Append(id)
		return nil
	}}
}

func newBools() *Column {
	v := native.NewSized("Bool", 1)
	return &Column{Growing: v, blank: func() { v.Append(0) }, parse: func(text []byte) error {
		n, ok := truth(text)
		if !ok {
			return errors.New("it is neither true nor false")
		}
		v.Append(n)
		return nil
	}}
}

// truth reads a boolean, which PostgreSQL writes as a letter.
func truth(text []byte) (n uint64, ok bool) {
	switch string(text) {
	case "t", "true", "1":
		return 1, true
	case "f", "false", "0":
		return 0, true
	}
	return 0, false
}

func newFloats(name string) *Column {
	bits := 64
	if name == "Float32" {
		bits = 32
	}
	v := native.NewSized(name, bits/8)
	return &Column{Growing: v, blank: func() { v.Append(0) }, parse: func(text []byte) error {
		if !floating(text) {
			return errors.New("it is no number")
		}
		f, err := strconv.ParseFloat(string(text), bits)
		if err != nil {
			return fmt.Errorf("it is no number that a %s holds", name)
		}
		if bits == 32 {
			v.Append(uint64(math.Float32bits(float32(f))))
		} else {
			v.Append(math.Float64bits(f))
		}
		return nil
	}}
}

// floating says whether a text is a number as PostgreSQL writes them: Go reads others,
// too.
func floating(text []byte) bool {
	switch string(text) {
	case "NaN", "Infinity", "-Infinity":
		return true
	}
	for _, b := range text {
		switch {
		case b >= '0' && b <= '9', b == '.', b == '-', b == '+', b == 'e', b == 'E':
		default:
			return false
		}
	}
	return len(text) > 0
}
