package jinja

import "strings"

// statements parses what follows the head of a block up to one of the tags
// that end it, which is then the current token.
func (p *parser) statements(ends []string) ([]stmt, *Error) {
	if _, err := p.skipIf(tokColon); err != nil {
		return nil, err
	}
	if _, err := p.expect(tokBlockEnd); err != nil {
		return nil, err
	}
	body, err := p.subparse(ends)
	if err == nil && p.cur.kind == tokEOF {
		p.ends = append(p.ends, ends)
		err = p.failTag("")
	}
	return body, err
}

// block is statements with a single end tag, which it passes.
func (p *parser) block(end []string) ([]stmt, *Error) {
	body, err := p.statements(end)
	if err != nil {
		return nil, err
	}
	return body, p.advance()
}

func (p *parser) subparse(ends []string) ([]stmt, *Error) {
	if err := p.enter(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	if ends != nil {
		p.ends = append(p.ends, ends)
		defer func() { p.ends = p.ends[:len(p.ends)-1] }()
	}
	from := len(p.scratch)
	for done := false; p.cur.kind != tokEOF && !done; {
		var s stmt
		var err *Error
		if s, done, err = p.piece(ends); err != nil {
			return nil, err
		}
		if s != nil {
			p.scratch = append(p.scratch, s)
		}
	}
	body := append([]stmt(nil), p.scratch[from:]...)
	p.scratch = p.scratch[:from]
	return body, nil
}

// piece parses text, a print tag or a statement tag.
func (p *parser) piece(ends []string) (stmt, bool, *Error) {
	tok := p.cur
	if err := p.advance(); err != nil {
		return nil, false, err
	}
	switch tok.kind {
	case tokData:
		return &dataStmt{tok.text}, false, nil
	case tokVarBegin:
		pos := p.cur.pos
		x, err := p.tuple(true, nil, false)
		if err == nil {
			_, err = p.expect(tokVarEnd)
		}
		return &printStmt{pos, x}, false, err
	}
	if p.cur.kind == tokName {
		for _, end := range ends {
			if p.cur.text == end {
				return nil, true, nil
			}
		}
	}
	s, err := p.statement(tok.pos)
	if err == nil {
		_, err = p.expect(tokBlockEnd)
	}
	return s, false, err
}

// failTag says that a tag is unknown or that the template ended too early.
func (p *parser) failTag(name string) *Error {
	msg := []string{"Unexpected end of template."}
	if name != "" {
		msg[0] = "Encountered unknown tag " + reprStr(name) + "."
	}
	if len(p.ends) > 0 {
		var looking []string
		expected := false
		for _, ends := range p.ends {
			for _, end := range ends {
				expected = expected || end == name
			}
		}
		for _, end := range p.ends[len(p.ends)-1] {
			looking = append(looking, reprStr(end))
		}
		want := strings.Join(looking, " or ")
		if name != "" && expected {
			msg = append(msg, "You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for "+want+".")
		} else {
			msg = append(msg, "Jinja was looking for the following tags: "+want+".")
		}
	}
	if len(p.tags) > 0 {
		msg = append(msg, "The innermost block that needs to be closed is "+reprStr(p.tags[len(p.tags)-1])+".")
	}
	e := p.failAt(p.cur.pos, "%s", strings.Join(msg, " "))
	if name != "" && len(p.ends) == 0 {
		e.Hint = nearest(name, statementTags)
	}
	return e
}
