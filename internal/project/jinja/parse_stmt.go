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
