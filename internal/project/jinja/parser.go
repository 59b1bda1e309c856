package jinja

import "fmt"

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
