package load

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// str reads a string, its quotes and escapes taken away.
func (p *jsonParser) str() ([]byte, bool) {
	if !p.take('"') {
		return nil, false
	}
	start := p.pos
	if p.simple {
		n := bytes.IndexByte(p.line[start:], '"')
		if n < 0 {
			return nil, false
		}
		p.pos = start + n + 1
		return p.line[start : start+n], true
	}
	for ; p.pos < len(p.line); p.pos++ {
		switch c := p.line[p.pos]; {
		case c == '"':
			p.pos++
			return p.line[start : p.pos-1], true
		case c == '\\':
			return p.escaped(start)
		case c < ' ':
			return nil, false
		}
	}
	return nil, false
}

// escaped goes on with a string from its first backslash.
func (p *jsonParser) escaped(start int) ([]byte, bool) {
	from := len(p.scratch)
	p.scratch = append(p.scratch, p.line[start:p.pos]...)
	for p.pos < len(p.line) {
		c := p.line[p.pos]
		p.pos++
		switch {
		case c == '"':
			return p.scratch[from:], true
		case c < ' ':
			return nil, false
		case c != '\\':
			p.scratch = append(p.scratch, c)
		case !p.escape():
			return nil, false
		}
	}
	return nil, false
}

func (p *jsonParser) escape() bool {
	if p.pos == len(p.line) {
		return false
	}
	c := p.line[p.pos]
	p.pos++
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
		return p.unicode()
	default:
		return false
	}
	p.scratch = append(p.scratch, c)
	return true
}

// unicode reads the four digits of \u, and the second half of a surrogate pair;
// half a pair becomes U+FFFD.
func (p *jsonParser) unicode() bool {
	r, ok := p.hex4()
	if !ok {
		return false
	}
	if utf16.IsSurrogate(r) {
		at := p.pos
		low := rune(utf8.RuneError)
		if p.take('\\') && p.take('u') {
			if low, ok = p.hex4(); !ok {
				return false
			}
		}
		if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
			p.pos = at
		}
	}
	p.scratch = utf8.AppendRune(p.scratch, r)
	return true
}

func (p *jsonParser) hex4() (rune, bool) {
	if p.pos+4 > len(p.line) {
		return 0, false
	}
	var r rune
	for _, c := range p.line[p.pos : p.pos+4] {
		v := hexValue[c]
		if v == hexBad {
			return 0, false
		}
		r = r<<4 | rune(v)
	}
	p.pos += 4
	return r, true
}
