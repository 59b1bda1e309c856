package jinja

func (p *parser) unsupported() (stmt, *Error) {
	tag := p.tags[len(p.tags)-1]
	e := p.failAt(p.cur.pos, "dbt has no %s", reprStr(tag))
	e.Hint = "macros of the project and of its packages can be called by name, without importing them"
	return nil, e
}

// autoescape takes only what changes nothing: {% autoescape false %}.
func (p *parser) autoescape() (stmt, *Error) {
	if p.cur.is("false") || p.cur.is("False") {
		if err := p.advance(); err != nil {
			return nil, err
		}
		body, err := p.block(endAutoescape)
		return &blockStmt{body: body}, err
	}
	e := p.failAt(p.cur.pos, "escaping by default is not available")
	e.Hint = "nothing is escaped in SQL; use the escape filter where you want it"
	return nil, e
}

func (p *parser) do() (stmt, *Error) {
	pos := p.cur.pos
	x, err := p.tuple(true, nil, false)
	return &doStmt{pos, x}, err
}

func (p *parser) filterBlock() (stmt, *Error) {
	s := &filterBlockStmt{pos: p.cur.pos}
	var err *Error
	if s.filter, err = p.filters(nil, true); err != nil {
		return nil, err
	}
	s.body, err = p.block(endFilter)
	return s, err
}

func (p *parser) with() (stmt, *Error) {
	s := &withStmt{pos: p.cur.pos}
	for p.cur.kind != tokBlockEnd {
		if len(s.targets) > 0 {
			if _, err := p.expect(tokComma); err != nil {
				return nil, err
			}
		}
		to, err := p.assignTarget("", false)
		if err != nil {
			return nil, err
		}
		if _, err = p.expect(tokAssign); err != nil {
			return nil, err
		}
		x, err := p.expression(true)
		if err != nil {
			return nil, err
		}
		s.targets, s.values = append(s.targets, to), append(s.values, x)
	}
	var err *Error
	s.body, err = p.block(endWith)
	return s, err
}

func (p *parser) print() (stmt, *Error) {
	b := &blockStmt{}
	for p.cur.kind != tokBlockEnd {
		if len(b.body) > 0 {
			if _, err := p.expect(tokComma); err != nil {
				return nil, err
			}
		}
		pos := p.cur.pos
		x, err := p.expression(true)
		if err != nil {
			return nil, err
		}
		b.body = append(b.body, &printStmt{pos, x})
	}
	return b, nil
}

func (p *parser) jump(begin int32) (stmt, *Error) {
	tag := p.tags[len(p.tags)-1]
	if p.loops == 0 {
		return nil, p.failAt(begin, "'%s' outside loop", tag)
	}
	if tag == "break" {
		return &jumpStmt{breakLoop}, nil
	}
	return &jumpStmt{continueLoop}, nil
}

func (p *parser) blockTag() (stmt, *Error) {
	name, err := p.expect(tokName)
	if err != nil {
		return nil, err
	}
	for _, word := range []string{"scoped", "required"} {
		if _, err = p.skipName(word); err != nil {
			return nil, err
		}
	}
	b := &blockStmt{}
	if b.body, err = p.block(endBlock); err == nil {
		_, err = p.skipName(name.text)
	}
	return b, err
}
