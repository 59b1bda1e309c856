package jsonscan

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// Str reads a string, its quotes and escapes taken away. Without escapes it is
// a slice of raw.
func (s *Scanner) Str() ([]byte, bool) {
	if !s.Take('"') {
		return nil, false
	}
	start := s.Pos
	if s.Simple {
		n := bytes.IndexByte(s.Raw[start:], '"')
		if n < 0 {
			s.Pos = len(s.Raw)
			return nil, false
		}
		s.Pos = start + n + 1
		return s.Raw[start : start+n], true
	}
	for ; s.Pos < len(s.Raw); s.Pos++ {
		switch c := s.Raw[s.Pos]; {
		case c == '"':
			s.Pos++
			return s.Raw[start : s.Pos-1], true
		case c == '\\':
			return s.escaped(start)
		case c < ' ':
			return nil, false
		}
	}
	return nil, false
}

// escaped goes on with a string from its first backslash.
func (s *Scanner) escaped(start int) ([]byte, bool) {
	from := len(s.Scratch)
	s.Scratch = append(s.Scratch, s.Raw[start:s.Pos]...)
	for s.Pos < len(s.Raw) {
		c := s.Raw[s.Pos]
		if c < ' ' {
			return nil, false
		}
		s.Pos++
		switch {
		case c == '"':
			return s.Scratch[from:], true
		case c != '\\':
			s.Scratch = append(s.Scratch, c)
		case !s.escape():
			return nil, false
		}
	}
	return nil, false
}

func (s *Scanner) escape() bool {
	if s.Pos == len(s.Raw) {
		return false
	}
	c := s.Raw[s.Pos]
	switch c {
	case '"', '\\', '/':
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case 'u':
		s.Pos++
		return s.unicode()
	default:
		return false
	}
	s.Pos++
	s.Scratch = append(s.Scratch, c)
	return true
}

// unicode reads the four digits of \u, and the second half of a surrogate
// pair. Half a pair is no character: ClickHouse would take the whole object
// for broken.
func (s *Scanner) unicode() bool {
	r, ok := s.hex4()
	if !ok {
		return false
	}
	if utf16.IsSurrogate(r) {
		at, low := s.Pos, rune(utf8.RuneError)
		if s.Word(`\u`) {
			if low, ok = s.hex4(); !ok {
				return false
			}
		}
		if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
			if s.Half = true; !s.Mend {
				return false
			}
			s.Pos = at
		}
	}
	s.Scratch = utf8.AppendRune(s.Scratch, r)
	return true
}

func (s *Scanner) hex4() (rune, bool) {
	if s.Pos+4 > len(s.Raw) {
		return 0, false
	}
	var r rune
	for _, c := range s.Raw[s.Pos : s.Pos+4] {
		v := Hex[c]
		if v == NoHex {
			return 0, false
		}
		r = r<<4 | rune(v)
	}
	s.Pos += 4
	return r, true
}

// NoHex is what Hex has for a byte that is no hexadecimal digit.
const NoHex = 0xff

// Hex is what each byte is worth as a hexadecimal digit.
var Hex = func() (t [256]byte) {
	for i := range t {
		t[i] = NoHex
	}
	for c := byte('0'); c <= '9'; c++ {
		t[c] = c - '0'
	}
	for c := byte('a'); c <= 'f'; c++ {
		t[c], t[c-'a'+'A'] = c-'a'+10, c-'a'+10
	}
	return t
}()
