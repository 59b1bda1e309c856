package forget

import (
	"bytes"
	"encoding/hex"

	"github.com/google/uuid"
)

// eachID calls found with every id in a text, and where it begins, until it gives false.
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
