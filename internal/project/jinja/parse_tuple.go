package jinja

// tuple parses an expression, or several with commas as a tuple. A tuple may
// end before one of the names in ends.
func (p *parser) tuple(cond bool, ends []string, parens bool) (expr, *Error) {
	pos := p.cur.pos
	var items []expr
	isTuple := false
	for !p.tupleEnd(ends) {
		x, err := p.expression(cond)
		if err != nil {
			return nil, err
		}
		if items == nil && p.cur.kind != tokComma {
			return x, nil
		}
		items = append(items, x)
		if p.cur.kind != tokComma {
			break
		}
		isTuple = true
		if err = p.advance(); err != nil {
			return nil, err
		}
	}
	if !isTuple && !parens {
		return nil, p.failAt(p.cur.pos, "Expected an expression, got %s", reprStr(p.cur.describe()))
	}
	return &tupleExpr{pos, items}, nil
}

func (p *parser) tupleEnd(ends []string) bool {
	switch p.cur.kind {
	case tokVarEnd, tokBlockEnd, tokRParen:
		return true
	}
	for _, end := range ends {
		if p.cur.is(end) {
			return true
		}
	}
	return false
}

// assignTarget parses what may stand left of = (or of in, when end is "in").
func (p *parser) assignTarget(end string, namespaces bool) (target, *Error) {
	pos := p.cur.pos
	var items []target
	isTuple := false
	for !p.tupleEnd([]string{end}) {
		t, err := p.simpleTarget(namespaces)
		if err != nil {
			return t, err
		}
		items = append(items, t)
		if p.cur.kind != tokComma {
			break
		}
		isTuple = true
		if err = p.advance(); err != nil {
			return t, err
		}
	}
	if isTuple {
		return target{pos: pos, items: items}, nil
	}
	if len(items) == 0 {
		return target{}, p.failAt(p.cur.pos, "Expected an expression, got %s", reprStr(p.cur.describe()))
	}
	return items[0], nil
}

func (p *parser) simpleTarget(namespaces bool) (target, *Error) {
	tok := p.cur
	if tok.kind == tokLParen {
		return p.parenTarget(namespaces)
	}
	if tok.kind != tokName {
		return target{}, p.failAt(tok.pos, "can't assign to %s", reprStr(tok.describe()))
	}
	switch tok.text {
	case "true", "True", "false", "False", "none", "None":
		return target{}, p.failAt(tok.pos, "can't assign to 'const'")
	}
	if tok.text == "loop" && len(p.fors) > 0 {
		return target{}, p.failAt(tok.pos, "Can't assign to special loop variable in for-loop target")
	}
	if err := p.advance(); err != nil {
		return target{}, err
	}
	t := target{pos: tok.pos, name: &nameExpr{pos: tok.pos, name: tok.text}}
	if !namespaces || p.cur.kind != tokDot {
		return t, nil
	}
	if err := p.advance(); err != nil {
		return t, err
	}
	attr, err := p.expect(tokName)
	t.attr = attr.text
	return t, err
}

func (p *parser) parenTarget(namespaces bool) (target, *Error) {
	if err := p.enter(); err != nil {
		return target{}, err
	}
	defer func() { p.depth-- }()
	if err := p.advance(); err != nil {
		return target{}, err
	}
	t, err := p.assignTarget("", namespaces)
	if err == nil {
		_, err = p.expect(tokRParen)
	}
	return t, err
}
