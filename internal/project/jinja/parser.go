package jinja

import (
	"fmt"
	"strings"
)

// maxNesting bounds brackets, unary operators and blocks within each other.
const maxNesting = 200

// parser builds the tree of one template.
type parser struct {
	lex     lexer
	cur     token
	ahead   token
	peeked  bool
	depth   int
	tags    []string   // open blocks, for messages
	ends    [][]string // the tags that would close them
	loops   int        // for loops around, within the same function
	fors    []*forStmt
	macros  []*macroDef
	cond    int // ifs and fors around
	defs    []*macroDef
	calls   []callNote
	scratch []stmt // of the blocks being parsed
}

// callNote remembers a call for Template.Calls.
type callNote struct {
	call        *callExpr
	def         *macroDef
	conditional bool
}

func newParser(source string) *parser {
	p := &parser{}
	p.lex.init(source)
	return p
}

func (p *parser) advance() *Error {
	if p.peeked {
		p.cur, p.peeked = p.ahead, false
		return nil
	}
	tok, err := p.lex.next()
	p.cur = tok
	return err
}

// peek looks one token ahead.
func (p *parser) peek() (token, *Error) {
	if !p.peeked {
		tok, err := p.lex.next()
		if err != nil {
			return token{}, err
		}
		p.ahead, p.peeked = tok, true
	}
	return p.ahead, nil
}

func (p *parser) failAt(pos int32, format string, args ...any) *Error {
	return p.lex.fail(int(pos), fmt.Sprintf(format, args...))
}

func (p *parser) unexpected(want string) *Error {
	if p.cur.kind == tokEOF {
		return p.failAt(p.cur.pos, "unexpected end of template, expected %s.", reprStr(want))
	}
	return p.failAt(p.cur.pos, "expected token %s, got %s", reprStr(want), reprStr(p.cur.describe()))
}

func (p *parser) expect(kind tokenKind) (token, *Error) {
	tok := p.cur
	if tok.kind != kind {
		return tok, p.unexpected(tokenNames[kind])
	}
	return tok, p.advance()
}

func (p *parser) skipIf(kind tokenKind) (bool, *Error) {
	if p.cur.kind != kind {
		return false, nil
	}
	return true, p.advance()
}

func (p *parser) skipName(name string) (bool, *Error) {
	if !p.cur.is(name) {
		return false, nil
	}
	return true, p.advance()
}

func (p *parser) expectName(name string) *Error {
	if !p.cur.is(name) {
		return p.unexpected(name)
	}
	return p.advance()
}

func (p *parser) enter() *Error {
	p.depth++
	if p.depth > maxNesting {
		e := p.failAt(p.cur.pos, "blocks or brackets are nested deeper than %d levels", maxNesting)
		e.Kind = LimitError
		return e
	}
	return nil
}

// template parses the whole source.
func (p *parser) template() ([]stmt, *Error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	return p.subparse(nil)
}

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
