package event

import "github.com/tiendi/tiendi/internal/jsonscan"

// members reads an object; read takes the value behind each key. A key is valid
// until then.
func (s *scanner) members(read func(key []byte) bool) bool {
	if !s.Take('{') {
		return false
	}
	s.Space()
	for more := !s.Take('}'); more; {
		key, ok := s.Str()
		if s.Space(); !ok || !s.Take(':') {
			return false
		}
		if s.Space(); !read(key) {
			return false
		}
		s.Space()
		if more = !s.Take('}'); more {
			if !s.Take(',') {
				return false
			}
			s.Space()
		}
	}
	return true
}

// elements reads an array, and skips what is none; read takes each element.
func (s *scanner) elements(read func() bool) bool {
	if !s.Take('[') {
		return s.skip()
	}
	s.Space()
	for more := !s.Take(']'); more; {
		if !read() {
			return false
		}
		s.Space()
		if more = !s.Take(']'); more {
			if !s.Take(',') {
				return false
			}
			s.Space()
		}
	}
	return true
}

// skip goes behind a value of any kind. Of objects and arrays it looks at no more
// than their brackets.
func (s *scanner) skip() bool {
	end := -1
	switch rest := s.Raw[s.Pos:]; {
	case len(rest) == 0:
		return false
	case rest[0] == '"':
		end = stringEnd(rest, 0) + 1
	case rest[0] == '{' || rest[0] == '[':
		end = valueEnd(rest)
	default:
		if s.Word("true") || s.Word("false") || s.Word("null") {
			return true
		}
		_, ok := s.Number()
		return ok
	}
	s.Pos += end
	return end > 0
}

// id reads a UUID; into stays as it is where the value is none.
func (s *scanner) id(into *ID) bool {
	if s.Pos == len(s.Raw) || s.Raw[s.Pos] != '"' {
		return s.skip()
	}
	text, ok := s.Str()
	if id, is := parseID(text); is {
		*into = id
	}
	return ok
}

// money reads an amount, a number or a string of one; into stays as it is where
// the value is none.
func (s *scanner) money(into *int64) bool {
	if s.Pos == len(s.Raw) {
		return false
	}
	var text []byte
	var ok bool
	switch c := s.Raw[s.Pos]; {
	case c == '"':
		text, ok = s.Str()
	case c == '-' || jsonscan.IsDigit(c):
		text, ok = s.Number()
	default:
		return s.skip()
	}
	if amount, is := hundredths(text); is {
		*into = amount
	}
	return ok
}
