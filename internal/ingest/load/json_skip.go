package load

// skip reads over a value of any kind.
func (p *jsonParser) skip(depth int) (valueKind, bool) {
	if p.Pos == len(p.Raw) || depth > maxDepth {
		return absent, false
	}
	switch c := p.Raw[p.Pos]; c {
	case '"':
		return jsonString, p.skipString()
	case '{':
		return jsonObject, p.skipObject(depth + 1)
	case '[':
		return jsonArray, p.skipArray(depth + 1)
	case 't':
		return jsonBool, p.Word("true")
	case 'f':
		return jsonBool, p.Word("false")
	case 'n':
		return null, p.Word("null")
	default:
		_, ok := p.Number()
		return jsonNumber, ok
	}
}

func (p *jsonParser) skipString() bool {
	kept := len(p.Scratch)
	_, ok := p.Str()
	p.Scratch = p.Scratch[:kept]
	return ok
}

func (p *jsonParser) skipObject(depth int) bool {
	p.Pos++
	p.Space()
	if p.Take('}') {
		return true
	}
	for {
		if !p.skipString() {
			return false
		}
		p.Space()
		if !p.Take(':') {
			return false
		}
		p.Space()
		if _, ok := p.skip(depth); !ok {
			return false
		}
		p.Space()
		if p.Take('}') {
			return true
		}
		if !p.Take(',') {
			return false
		}
		p.Space()
	}
}

func (p *jsonParser) skipArray(depth int) bool {
	p.Pos++
	p.Space()
	if p.Take(']') {
		return true
	}
	for {
		if _, ok := p.skip(depth); !ok {
			return false
		}
		p.Space()
		if p.Take(']') {
			return true
		}
		if !p.Take(',') {
			return false
		}
		p.Space()
	}
}
