package event

import (
	"fmt"

	"github.com/tiendi/tiendi/internal/jsonscan"
)

// ID is a UUID. Its zero value stands for "none": an anonymous user, an event
// without a store.
type ID [16]byte

const idLen = 36

// IsZero says whether the ID stands for "none"; encoding/json's omitzero asks it.
func (id ID) IsZero() bool { return id == ID{} }

// String returns the 36 characters of the canonical form, in lower case.
func (id ID) String() string { return string(AppendID(nil, id)) }

// MarshalText returns the canonical form.
func (id ID) MarshalText() ([]byte, error) { return AppendID(nil, id), nil }

// UnmarshalText reads the canonical form, in either case.
func (id *ID) UnmarshalText(text []byte) error {
	parsed, err := ParseID(text)
	if err != nil {
		return err
	}
	*id = parsed
	return nil
}

// ParseID reads a UUID in the canonical form 8-4-4-4-12, in either case.
func ParseID(text []byte) (ID, error) {
	id, ok := parseID(text)
	if !ok {
		return ID{}, fmt.Errorf("%q is no UUID: want 36 characters, 8-4-4-4-12, of 0-9 and a-f", clip(text))
	}
	return id, nil
}

// idDigits says where the digits of each byte stand in the canonical form.
var idDigits = [16]uint8{0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34}

func parseID(text []byte) (id ID, ok bool) {
	if len(text) != idLen || text[8] != '-' || text[13] != '-' || text[18] != '-' || text[23] != '-' {
		return id, false
	}
	var bad byte
	for i, at := range idDigits {
		hi, lo := jsonscan.Hex[text[at]], jsonscan.Hex[text[at+1]]
		bad |= hi | lo
		id[i] = hi<<4 | lo
	}
	return id, bad&0xf0 == 0
}

// clip keeps a hostile input from filling an error message.
func clip(text []byte) []byte {
	if len(text) > 2*idLen {
		return text[:2*idLen]
	}
	return text
}

const hexDigits = "0123456789abcdef"

// AppendID appends the canonical form of id, without quotes.
func AppendID(dst []byte, id ID) []byte {
	var text [idLen]byte
	at := 0
	for i, b := range id {
		if i == 4 || i == 6 || i == 8 || i == 10 {
			text[at] = '-'
			at++
		}
		text[at] = hexDigits[b>>4]
		text[at+1] = hexDigits[b&0xf]
		at += 2
	}
	return append(dst, text[:]...)
}
