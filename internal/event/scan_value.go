package event

// members reads an object; read takes the value behind each key. A key is valid
// until then.
func (s *scanner) members(read func(key []byte) bool) bool {
	if !s.take('{') {
		return false
	}
	s.space()
	for more := !s.take('}'); more; {
		key, ok := s.str()
		if s.space(); !ok || !s.take(':') {
			return false
		}
		if s.space(); !read(key) {
			return false
		}
		s.space()
		if more = !s.take('}'); more {
			if !s.take(',') {
				return false
			}
			s.space()
		}
	}
	return true
}

// elements reads an array, and skips what is none; read takes each element.
func (s *scanner) elements(read func() bool) bool {
	if !s.take('[') {
		return s.skip()
	}
	s.space()
	for more := !s.take(']'); more; {
		if !read() {
			return false
		}
		s.space()
		if more = !s.take(']'); more {
			if !s.take(',') {
				return false
			}
			s.space()
		}
	}
	return true
}

// skip goes behind a value of any kind. Of objects and arrays it looks at no more
// than their brackets.
func (s *scanner) skip() bool {
	end := -1
	switch rest := s.raw[s.pos:]; {
	case len(rest) == 0:
		return false
	case rest[0] == '"':
		end = stringEnd(rest, 0) + 1
	case rest[0] == '{' || rest[0] == '[':
		end = valueEnd(rest)
	default:
		if s.word("true") || s.word("false") || s.word("null") {
			return true
		}
		_, ok := s.number()
		return ok
	}
	s.pos += end
	return end > 0
}

// id reads a UUID; into stays as it is where the value is none.
func (s *scanner) id(into *ID) bool {
	if s.pos == len(s.raw) || s.raw[s.pos] != '"' {
		return s.skip()
	}
	text, ok := s.str()
	if id, is := parseID(text); is {
		*into = id
	}
	return ok
}

// money reads an amount, a number or a string of one; into stays as it is where
// the value is none.
func (s *scanner) money(into *int64) bool {
	if s.pos == len(s.raw) {
		return false
	}
	var text []byte
	var ok bool
	switch c := s.raw[s.pos]; {
	case c == '"':
		text, ok = s.str()
	case c == '-' || isDigit(c):
		text, ok = s.number()
	default:
		return s.skip()
	}
	if amount, is := hundredths(text); is {
		*into = amount
	}
	return ok
}
