package event

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// str reads a string, its quotes and escapes taken away. Without escapes it is
// a slice of raw.
func (s *scanner) str() ([]byte, bool) {
	if !s.take('"') {
		return nil, false
	}
	start := s.pos
	if s.simple {
		n := bytes.IndexByte(s.raw[start:], '"')
		if n < 0 {
			s.pos = len(s.raw)
			return nil, false
		}
		s.pos = start + n + 1
		return s.raw[start : start+n], true
	}
	for ; s.pos < len(s.raw); s.pos++ {
		switch c := s.raw[s.pos]; {
		case c == '"':
			s.pos++
			return s.raw[start : s.pos-1], true
		case c == '\\':
			return s.escaped(start)
		case c < ' ':
			return nil, false
		}
	}
	return nil, false
}

// escaped goes on with a string from its first backslash.
func (s *scanner) escaped(start int) ([]byte, bool) {
	from := len(s.scratch)
	s.scratch = append(s.scratch, s.raw[start:s.pos]...)
	for s.pos < len(s.raw) {
		c := s.raw[s.pos]
		if c < ' ' {
			return nil, false
		}
		s.pos++
		switch {
		case c == '"':
			return s.scratch[from:], true
		case c != '\\':
			s.scratch = append(s.scratch, c)
		case !s.escape():
			return nil, false
		}
	}
	return nil, false
}

func (s *scanner) escape() bool {
	if s.pos == len(s.raw) {
		return false
	}
	c := s.raw[s.pos]
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
		s.pos++
		return s.unicode()
	default:
		return false
	}
	s.pos++
	s.scratch = append(s.scratch, c)
	return true
}

// unicode reads the four digits of \u, and the second half of a surrogate
// pair. Half a pair is no character: ClickHouse would take the whole object
// for broken.
func (s *scanner) unicode() bool {
	r, ok := s.hex4()
	if !ok {
		return false
	}
	if utf16.IsSurrogate(r) {
		low := rune(utf8.RuneError)
		if s.word(`\u`) {
			if low, ok = s.hex4(); !ok {
				return false
			}
		}
		if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
			s.half = true
			return false
		}
	}
	s.scratch = utf8.AppendRune(s.scratch, r)
	return true
}

func (s *scanner) hex4() (rune, bool) {
	if s.pos+4 > len(s.raw) {
		return 0, false
	}
	var r rune
	for _, c := range s.raw[s.pos : s.pos+4] {
		v := hexValues[c]
		if v == hexBad {
			return 0, false
		}
		r = r<<4 | rune(v)
	}
	s.pos += 4
	return r, true
}
