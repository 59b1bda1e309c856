package jinja

func (p *parser) filterExpr(x expr) (_ expr, err *Error) {
	for err == nil {
		switch {
		case p.cur.kind == tokPipe:
			x, err = p.filters(x, false)
		case p.cur.is("is"):
			x, err = p.test(x)
		case p.cur.kind == tokLParen:
			x, err = p.call(x)
		default:
			return x, nil
		}
	}
	return nil, err
}

// dotted parses the name of a filter or test.
func (p *parser) dotted() (token, *Error) {
	tok, err := p.expect(tokName)
	for err == nil && p.cur.kind == tokDot {
		if err = p.advance(); err != nil {
			break
		}
		var part token
		part, err = p.expect(tokName)
		tok.text += "." + part.text
	}
	return tok, err
}

// filters parses |a|b(c); inline starts without the first bar.
func (p *parser) filters(x expr, inline bool) (last *filterExpr, err *Error) {
	for inline || p.cur.kind == tokPipe {
		if !inline {
			if err = p.advance(); err != nil {
				return nil, err
			}
		}
		inline = false
		name, err := p.dotted()
		if err != nil {
			return nil, err
		}
		f := &filterExpr{pos: name.pos, name: name.text, x: x}
		if last != nil {
			f.x = last
		}
		if p.cur.kind == tokLParen {
			if err = p.callArgs(&f.arguments); err != nil {
				return nil, err
			}
		}
		last = f
	}
	return last, nil
}

func (p *parser) test(x expr) (expr, *Error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	not, err := p.skipName("not")
	if err != nil {
		return nil, err
	}
	name, err := p.dotted()
	if err != nil {
		return nil, err
	}
	t := &testExpr{pos: name.pos, name: name.text, x: x, not: not}
	switch {
	case p.cur.kind == tokLParen:
		return t, p.callArgs(&t.arguments)
	case p.cur.is("is"):
		return nil, p.failAt(p.cur.pos, "You cannot chain multiple tests with is")
	case !p.testArg():
		return t, nil
	}
	arg, err := p.primary()
	if err == nil {
		arg, err = p.postfix(arg)
	}
	t.args = []expr{arg}
	return t, err
}

// testArg says whether an argument without brackets follows: is divisibleby 3.
func (p *parser) testArg() bool {
	switch p.cur.kind {
	case tokString, tokInt, tokFloat, tokLBracket, tokLBrace:
		return true
	case tokName:
		return p.cur.text != "else" && p.cur.text != "or" && p.cur.text != "and"
	}
	return false
}
