package event

import "unicode/utf8"

// scanner reads JSON from raw, byte by byte and once. Its methods give false
// where the text is no JSON, and leave pos there.
type scanner struct {
	raw     []byte
	pos     int
	simple  bool   // no backslash, no control character: a string ends at the next quote
	scratch []byte // strings with their escapes resolved; grows only
	half    bool   // half a surrogate pair was met
}

// scanBytes says whether b holds control characters, and bytes beyond ASCII,
// eight bytes at a time.
func scanBytes(b []byte) (control, high bool) {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	var below, above uint64
	for ; len(b) >= 8; b = b[8:] {
		w := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
			uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
		// A byte below 0x20 borrows into its top bit, which it had not set.
		below |= (w - ones*0x20) &^ w
		above |= w
	}
	for _, c := range b {
		control = control || c < 0x20
		high = high || c >= utf8.RuneSelf
	}
	return control || below&tops != 0, high || above&tops != 0
}

func (s *scanner) space() {
	for s.pos < len(s.raw) {
		switch s.raw[s.pos] {
		case ' ', '\t', '\r', '\n':
			s.pos++
		default:
			return
		}
	}
}

func (s *scanner) take(c byte) bool {
	if s.pos < len(s.raw) && s.raw[s.pos] == c {
		s.pos++
		return true
	}
	return false
}

func (s *scanner) word(w string) bool {
	if len(s.raw)-s.pos < len(w) || string(s.raw[s.pos:s.pos+len(w)]) != w {
		return false
	}
	s.pos += len(w)
	return true
}

// number reads a number as it stands.
func (s *scanner) number() (text []byte, ok bool) {
	start := s.pos
	s.take('-')
	if !s.take('0') && !s.digits() {
		return nil, false
	}
	if s.take('.') && !s.digits() {
		return nil, false
	}
	if s.take('e') || s.take('E') {
		if !s.take('-') {
			s.take('+')
		}
		if !s.digits() {
			return nil, false
		}
	}
	return s.raw[start:s.pos], true
}

func (s *scanner) digits() bool {
	start := s.pos
	for s.pos < len(s.raw) && isDigit(s.raw[s.pos]) {
		s.pos++
	}
	return s.pos > start
}
