package jinja

// expression parses an expression; without cond an inline if is left alone.
func (p *parser) expression(cond bool) (expr, *Error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	if !cond {
		return p.or()
	}
	pos := p.cur.pos
	yes, err := p.or()
	for err == nil && p.cur.is("if") {
		if err = p.advance(); err != nil {
			break
		}
		c := &condExpr{pos: pos, yes: yes}
		if c.test, err = p.or(); err != nil {
			break
		}
		var ok bool
		if ok, err = p.skipName("else"); ok && err == nil {
			c.no, err = p.expression(true)
		}
		yes, pos = c, p.cur.pos
	}
	return yes, err
}

func (p *parser) or() (expr, *Error) {
	left, err := p.and()
	for err == nil && p.cur.is("or") {
		if err = p.advance(); err != nil {
			break
		}
		var right expr
		right, err = p.and()
		left = &logicExpr{true, left, right}
	}
	return left, err
}

func (p *parser) and() (expr, *Error) {
	left, err := p.not()
	for err == nil && p.cur.is("and") {
		if err = p.advance(); err != nil {
			break
		}
		var right expr
		right, err = p.not()
		left = &logicExpr{false, left, right}
	}
	return left, err
}

func (p *parser) not() (expr, *Error) {
	if !p.cur.is("not") {
		return p.compare()
	}
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	if err := p.advance(); err != nil {
		return nil, err
	}
	x, err := p.not()
	return &notExpr{x}, err
}

func (p *parser) compare() (expr, *Error) {
	pos := p.cur.pos
	first, err := p.binary(1)
	var c *compareExpr
	for err == nil {
		op, ok, e := p.compareOp()
		if e != nil || !ok {
			err = e
			break
		}
		if c == nil {
			c = &compareExpr{pos: pos, first: first}
		}
		var x expr
		x, err = p.binary(1)
		c.ops, c.rest = append(c.ops, op), append(c.rest, x)
	}
	if c == nil {
		return first, err
	}
	return c, err
}

func (p *parser) compareOp() (compareOp, bool, *Error) {
	switch p.cur.kind {
	case tokEq:
		return opEq, true, p.advance()
	case tokNe:
		return opNe, true, p.advance()
	case tokLt:
		return opLt, true, p.advance()
	case tokLe:
		return opLe, true, p.advance()
	case tokGt:
		return opGt, true, p.advance()
	case tokGe:
		return opGe, true, p.advance()
	case tokName:
		if p.cur.text == "in" {
			return opIn, true, p.advance()
		}
		if p.cur.text == "not" {
			next, err := p.peek()
			if err != nil || !next.is("in") {
				return 0, false, err
			}
			if err = p.advance(); err == nil {
				err = p.advance()
			}
			return opNotIn, true, err
		}
	}
	return 0, false, nil
}

// levels say how tightly the left-associative operators bind, 0 for none.
var levels = [tokSemicolon + 1]uint8{
	tokAdd: 1, tokSub: 1, tokTilde: 2, tokMul: 3, tokDiv: 3, tokFloorDiv: 3, tokMod: 3, tokPow: 4,
}

// binary parses operators that bind at least as tightly as level.
func (p *parser) binary(level uint8) (expr, *Error) {
	left, err := p.unary(true)
	for err == nil {
		op := p.cur
		own := levels[op.kind]
		if own == 0 || own < level {
			break
		}
		if err = p.advance(); err != nil {
			break
		}
		var right expr
		if right, err = p.binary(own + 1); err != nil {
			break
		}
		if op.kind == tokTilde {
			left, err = p.concat(op.pos, left, right)
		} else {
			left = &binaryExpr{op.pos, op.kind, left, right}
		}
	}
	return left, err
}

// concat parses the rest of a ~ b ~ c as one node.
func (p *parser) concat(pos int32, left, right expr) (expr, *Error) {
	c := &concatExpr{pos: pos, parts: []expr{left, right}}
	for p.cur.kind == tokTilde {
		if err := p.advance(); err != nil {
			return nil, err
		}
		x, err := p.binary(levels[tokTilde] + 1)
		if err != nil {
			return nil, err
		}
		c.parts = append(c.parts, x)
	}
	return c, nil
}

func (p *parser) unary(filters bool) (x expr, err *Error) {
	pos, kind := p.cur.pos, p.cur.kind
	if kind == tokSub || kind == tokAdd {
		if err = p.enter(); err != nil {
			return nil, err
		}
		defer func() { p.depth-- }()
		if err = p.advance(); err == nil {
			x, err = p.unary(false)
		}
		x = &unaryExpr{pos, kind, x}
	} else {
		x, err = p.primary()
	}
	if err == nil {
		x, err = p.postfix(x)
	}
	if err == nil && filters {
		x, err = p.filterExpr(x)
	}
	return x, err
}
