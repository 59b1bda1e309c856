// Package jsonscan reads JSON from bytes, once and in place: what the parsers of events and
// of files have in common. It follows RFC 8259; whether the bytes are UTF-8 is the
// caller's to see.
package jsonscan

import "unicode/utf8"

// Scanner reads JSON from Raw, byte by byte and once. Its methods give false
// where the text is no JSON, and leave Pos there.
type Scanner struct {
	Raw     []byte
	Pos     int
	Simple  bool   // no backslash, no control character: a string ends at the next quote
	Scratch []byte // strings with their escapes resolved; grows only
	Mend    bool   // half a surrogate pair is taken for U+FFFD, and is no error
	Half    bool   // half a surrogate pair was met
}

// Bytes says whether b holds control characters, and bytes beyond ASCII,
// eight bytes at a time.
func Bytes(b []byte) (control, high bool) {
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

// Space goes over white space.
func (s *Scanner) Space() {
	for s.Pos < len(s.Raw) {
		switch s.Raw[s.Pos] {
		case ' ', '\t', '\r', '\n':
			s.Pos++
		default:
			return
		}
	}
}

// Take goes over c, if that is next.
func (s *Scanner) Take(c byte) bool {
	if s.Pos < len(s.Raw) && s.Raw[s.Pos] == c {
		s.Pos++
		return true
	}
	return false
}

// Word goes over w, if that is next.
func (s *Scanner) Word(w string) bool {
	if len(s.Raw)-s.Pos < len(w) || string(s.Raw[s.Pos:s.Pos+len(w)]) != w {
		return false
	}
	s.Pos += len(w)
	return true
}

// Number reads a number as it stands.
func (s *Scanner) Number() (text []byte, ok bool) {
	start := s.Pos
	s.Take('-')
	if !s.Take('0') && !s.Digits() {
		return nil, false
	}
	if s.Take('.') && !s.Digits() {
		return nil, false
	}
	if s.Take('e') || s.Take('E') {
		if !s.Take('-') {
			s.Take('+')
		}
		if !s.Digits() {
			return nil, false
		}
	}
	return s.Raw[start:s.Pos], true
}

// Digits goes over digits, of which there has to be one.
func (s *Scanner) Digits() bool {
	start := s.Pos
	for s.Pos < len(s.Raw) && IsDigit(s.Raw[s.Pos]) {
		s.Pos++
	}
	return s.Pos > start
}

// IsDigit says whether c is one of 0 to 9.
func IsDigit(c byte) bool { return c-'0' <= 9 }
