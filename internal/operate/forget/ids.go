package forget

import (
	"bytes"
	"encoding/hex"
	"strings"

	"github.com/google/uuid"
)

// eachID calls found with every id in a text, and where it begins, until it gives false.
// Those without hyphens are eachPlainID's.
func eachID(text []byte, found func(at int, id uuid.UUID) bool) {
	const first = 8 // bytes before the first hyphen
	for at := first; at < len(text); at++ {
		next := bytes.IndexByte(text[at:], '-')
		if next < 0 {
			return
		}
		at += next
		id, ok := idAt(text, at-first)
		if !ok {
			continue
		}
		if !found(at-first, id) {
			return
		}
		at += 27 // behind the id; the loop takes one more
	}
}

// idAt reads the id that begins there: 8-4-4-4-12 hexadecimal digits.
func idAt(text []byte, at int) (id uuid.UUID, ok bool) {
	if at < 0 || at+36 > len(text) || text[at+13] != '-' || text[at+18] != '-' || text[at+23] != '-' {
		return id, false
	}
	into := id[:0]
	for _, part := range [...][2]int{{0, 8}, {9, 13}, {14, 18}, {19, 23}, {24, 36}} {
		var err error
		if into, err = hex.AppendDecode(into, text[at+part[0]:at+part[1]]); err != nil {
			return id, false
		}
	}
	return id, true
}

// plainLength is that of an id without hyphens.
const plainLength = 32

// eachPlainID calls found with every 32 hexadecimal digits of a text, until it gives false:
// in a longer row of digits, with the first 32 of it, the next, and so on, as the pattern of
// the warehouse finds them.
func eachPlainID(text []byte, found func(at int, id uuid.UUID) bool) {
	for at := 0; at+plainLength <= len(text); {
		last := at + plainLength - 1
		for last >= at && isHex[text[last]] {
			last--
		}
		if last >= at { // the digits begin behind it, if there are any
			at = last + 1
			continue
		}
		var id uuid.UUID
		_, _ = hex.Decode(id[:], text[at:at+plainLength]) // they are digits
		if !found(at, id) {
			return
		}
		at += plainLength
	}
}

var isHex = func() (is [256]bool) {
	for _, c := range "0123456789abcdefABCDEF" {
		is[c] = true
	}
	return is
}()

// withoutHyphens is an id's text without them, in lower case.
func withoutHyphens(id string) string { return strings.ReplaceAll(strings.ToLower(id), "-", "") }

// wholeID reads a text that is an id, and nothing else.
func wholeID(text []byte) (id uuid.UUID, ok bool) {
	switch len(text) {
	case 36:
		return idAt(text, 0)
	case plainLength:
		_, err := hex.Decode(id[:], text)
		return id, err == nil
	}
	return id, false
}
