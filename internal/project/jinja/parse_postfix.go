package jinja

func (p *parser) postfix(x expr) (_ expr, err *Error) {
	for err == nil {
		switch p.cur.kind {
		case tokDot, tokLBracket:
			x, err = p.subscript(x)
		case tokLParen:
			x, err = p.call(x)
		default:
			return x, nil
		}
	}
	return nil, err
}

func (p *parser) subscript(x expr) (expr, *Error) {
	tok := p.cur
	if err := p.advance(); err != nil {
		return nil, err
	}
	if tok.kind == tokDot {
		attr := p.cur
		switch attr.kind {
		case tokName:
			return &attrExpr{attr.pos, x, attr.text}, p.advance()
		case tokInt:
			return &itemExpr{attr.pos, x, &constExpr{parseInt(attr.text)}}, p.advance()
		}
		return nil, p.failAt(attr.pos, "expected name or number")
	}
	var keys []expr
	for p.cur.kind != tokRBracket {
		if len(keys) > 0 {
			if _, err := p.expect(tokComma); err != nil {
				return nil, err
			}
		}
		key, err := p.subscribed()
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	if len(keys) == 1 {
		return &itemExpr{tok.pos, x, keys[0]}, p.advance()
	}
	return &itemExpr{tok.pos, x, &tupleExpr{tok.pos, keys}}, p.advance()
}

// subscribed parses an index or a slice.
func (p *parser) subscribed() (expr, *Error) {
	s := &sliceExpr{}
	var err *Error
	if p.cur.kind != tokColon {
		if s.lo, err = p.expression(true); err != nil {
			return nil, err
		}
		if p.cur.kind != tokColon {
			return s.lo, nil
		}
	}
	for _, part := range []*expr{&s.hi, &s.step} {
		if p.cur.kind != tokColon {
			break
		}
		if err = p.advance(); err != nil {
			return nil, err
		}
		switch p.cur.kind {
		case tokColon, tokRBracket, tokComma:
		default:
			if *part, err = p.expression(true); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

func (p *parser) call(fn expr) (expr, *Error) {
	c := &callExpr{pos: p.cur.pos, fn: fn}
	p.noteCall(c)
	return c, p.callArgs(&c.arguments)
}

func (p *parser) noteCall(c *callExpr) {
	note := callNote{call: c, conditional: p.cond > 0}
	if len(p.macros) > 0 {
		note.def = p.macros[0]
	}
	p.calls = append(p.calls, note)
}

// callArgs parses (a, b=c, *d, **e).
func (p *parser) callArgs(a *arguments) *Error {
	open := p.cur
	if _, err := p.expect(tokLParen); err != nil {
		return err
	}
	for first := true; p.cur.kind != tokRParen; first = false {
		if !first {
			if _, err := p.expect(tokComma); err != nil {
				return err
			}
			if p.cur.kind == tokRParen {
				break
			}
		}
		ok, err := p.callArg(a)
		if err != nil {
			return err
		}
		if !ok {
			return p.failAt(open.pos, "invalid syntax for function call expression")
		}
	}
	return p.advance()
}

func (p *parser) callArg(a *arguments) (ok bool, err *Error) {
	switch p.cur.kind {
	case tokMul, tokPow:
		to, free := &a.star, a.star == nil && a.dblStar == nil
		if p.cur.kind == tokPow {
			to, free = &a.dblStar, a.dblStar == nil
		}
		if err = p.advance(); err == nil {
			*to, err = p.expression(true)
		}
		return free, err
	case tokName:
		next, err := p.peek()
		if err != nil {
			return false, err
		}
		if next.kind == tokAssign {
			name := p.cur.text
			if err = p.advance(); err == nil {
				err = p.advance()
			}
			if err != nil {
				return false, err
			}
			x, err := p.expression(true)
			a.kwargs = append(a.kwargs, kwargExpr{name, x})
			return a.dblStar == nil, err
		}
	}
	x, err := p.expression(true)
	a.args = append(a.args, x)
	return a.star == nil && a.dblStar == nil && len(a.kwargs) == 0, err
}
