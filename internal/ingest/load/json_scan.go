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

// skip reads over a value of any kind.
func (p *jsonParser) skip(depth int) (valueKind, bool) {
	if p.pos == len(p.line) || depth > maxDepth {
		return absent, false
	}
	switch c := p.line[p.pos]; c {
	case '"':
		return jsonString, p.skipString()
	case '{':
		return jsonObject, p.skipObject(depth + 1)
	case '[':
		return jsonArray, p.skipArray(depth + 1)
	case 't':
		return jsonBool, p.word("true")
	case 'f':
		return jsonBool, p.word("false")
	case 'n':
		return null, p.word("null")
	default:
		return jsonNumber, p.number()
	}
}

func (p *jsonParser) skipString() bool {
	kept := len(p.scratch)
	_, ok := p.str()
	p.scratch = p.scratch[:kept]
	return ok
}

func (p *jsonParser) skipObject(depth int) bool {
	p.pos++
	p.space()
	if p.take('}') {
		return true
	}
	for {
		if !p.skipString() {
			return false
		}
		p.space()
		if !p.take(':') {
			return false
		}
		p.space()
		if _, ok := p.skip(depth); !ok {
			return false
		}
		p.space()
		if p.take('}') {
			return true
		}
		if !p.take(',') {
			return false
		}
		p.space()
	}
}

func (p *jsonParser) skipArray(depth int) bool {
	p.pos++
	p.space()
	if p.take(']') {
		return true
	}
	for {
		if _, ok := p.skip(depth); !ok {
			return false
		}
		p.space()
		if p.take(']') {
			return true
		}
		if !p.take(',') {
			return false
		}
		p.space()
	}
}

func (p *jsonParser) word(w string) bool {
	if !bytes.HasPrefix(p.line[p.pos:], []byte(w)) {
		return false
	}
	p.pos += len(w)
	return true
}

func (p *jsonParser) number() bool {
	p.take('-')
	if !p.take('0') && !p.digits() {
		return false
	}
	if p.take('.') && !p.digits() {
		return false
	}
	if p.take('e') || p.take('E') {
		if !p.take('-') {
			p.take('+')
		}
		return p.digits()
	}
	return true
}

func (p *jsonParser) digits() bool {
	start := p.pos
	for p.pos < len(p.line) && isDigit(p.line[p.pos]) {
		p.pos++
	}
	return p.pos > start
}
