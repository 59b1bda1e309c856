package jinja

// statementTags are the tags that begin a statement.
var statementTags = []string{
	"set", "if", "for", "do", "macro", "call", "filter", "with", "print", "break", "continue", "snapshot",
	"materialization", "test", "data_test", "docs", "block", "autoescape",
}

// The tags that end a block.
var (
	endIf         = []string{"elif", "else", "endif"}
	endFor        = []string{"endfor", "else"}
	endAutoescape = []string{"endautoescape"}
	endSet        = []string{"endset"}
	endIfOnly     = []string{"endif"}
	endForOnly    = []string{"endfor"}
	endFilter     = []string{"endfilter"}
	endWith       = []string{"endwith"}
	endBlock      = []string{"endblock"}
)

// foreignTags are Jinja2's, but dbt has no use for them.
var foreignTags = []string{"include", "import", "from", "extends"}

// statement parses a tag from its name on; begin is where the tag opens.
func (p *parser) statement(begin int32) (stmt, *Error) {
	tok := p.cur
	if tok.kind != tokName {
		return nil, p.failAt(tok.pos, "tag name expected")
	}
	if indexOf(statementTags, tok.text) < 0 && indexOf(foreignTags, tok.text) < 0 {
		return nil, p.failTag(tok.text)
	}
	p.tags = append(p.tags, tok.text)
	if err := p.advance(); err != nil {
		return nil, err
	}
	s, err := p.statementNamed(tok, begin)
	p.tags = p.tags[:len(p.tags)-1]
	return s, err
}

func (p *parser) statementNamed(tag token, begin int32) (stmt, *Error) {
	switch tag.text {
	case "set":
		return p.set()
	case "if":
		return p.ifTag()
	case "for":
		return p.forTag()
	case "do":
		return p.do()
	case "macro", "test", "data_test", "snapshot", "docs", "materialization":
		return p.definition(begin)
	case "call":
		return p.callBlock(begin)
	case "filter":
		return p.filterBlock()
	case "with":
		return p.with()
	case "print":
		return p.print()
	case "break", "continue":
		return p.jump(begin)
	case "block":
		return p.blockTag()
	case "autoescape":
		return p.autoescape()
	}
	return p.unsupported()
}

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

func (p *parser) set() (stmt, *Error) {
	pos := p.cur.pos
	to, err := p.assignTarget("", true)
	if err != nil {
		return nil, err
	}
	if ok, err := p.skipIf(tokAssign); ok || err != nil {
		if err != nil {
			return nil, err
		}
		x, err := p.tuple(true, nil, false)
		return &setStmt{pos, to, x}, err
	}
	s := &setBlockStmt{pos: pos, to: to}
	if s.filter, err = p.filters(nil, false); err != nil {
		return nil, err
	}
	s.body, err = p.block(endSet)
	return s, err
}

func (p *parser) ifTag() (stmt, *Error) {
	p.cond++
	defer func() { p.cond-- }()
	first := &ifStmt{}
	for node := first; ; {
		var err *Error
		if node.test, err = p.tuple(false, nil, false); err != nil {
			return nil, err
		}
		if node.body, err = p.statements(endIf); err != nil {
			return nil, err
		}
		end := p.cur
		if err = p.advance(); err != nil {
			return nil, err
		}
		if end.text == "elif" {
			next := &ifStmt{}
			node.orElse = []stmt{next}
			node = next
			continue
		}
		if end.text == "else" {
			node.orElse, err = p.block(endIfOnly)
		}
		return first, err
	}
}

func (p *parser) forTag() (stmt, *Error) {
	s := &forStmt{pos: p.cur.pos}
	var err *Error
	if s.to, err = p.assignTarget("in", false); err != nil {
		return nil, err
	}
	if err = p.expectName("in"); err != nil {
		return nil, err
	}
	if s.iter, err = p.tuple(false, []string{"recursive"}, false); err != nil {
		return nil, err
	}
	if ok, err := p.skipName("if"); err != nil {
		return nil, err
	} else if ok {
		if s.test, err = p.expression(true); err != nil {
			return nil, err
		}
	}
	if s.recursive, err = p.skipName("recursive"); err != nil {
		return nil, err
	}
	return s, p.forBody(s)
}

func (p *parser) forBody(s *forStmt) (err *Error) {
	p.cond++
	p.loops++
	p.fors = append(p.fors, s)
	s.body, err = p.statements(endFor)
	p.fors = p.fors[:len(p.fors)-1]
	p.loops--
	if err != nil {
		return err
	}
	end := p.cur
	if err = p.advance(); err != nil {
		return err
	}
	if end.text == "else" {
		s.orElse, err = p.block(endForOnly)
	}
	p.cond--
	return err
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
