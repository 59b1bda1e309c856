package load

import "bytes"

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
