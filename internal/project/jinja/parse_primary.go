package jinja

import "strings"

func (p *parser) primary() (expr, *Error) {
	tok := p.cur
	switch tok.kind {
	case tokName:
		if err := p.advance(); err != nil {
			return nil, err
		}
		return p.nameOrConst(tok), nil
	case tokString:
		return p.stringLiteral()
	case tokInt:
		return &constExpr{parseInt(tok.text)}, p.advance()
	case tokFloat:
		return &constExpr{parseFloatLiteral(tok.text)}, p.advance()
	case tokLParen:
		if err := p.advance(); err != nil {
			return nil, err
		}
		x, err := p.tuple(true, nil, true)
		if err == nil {
			_, err = p.expect(tokRParen)
		}
		return x, err
	case tokLBracket:
		return p.list()
	case tokLBrace:
		return p.dict()
	}
	return nil, p.failAt(tok.pos, "unexpected %s", reprStr(tok.describe()))
}

var (
	constTrue  = &constExpr{Bool(true)}
	constFalse = &constExpr{Bool(false)}
	constNone  = &constExpr{None}
)

func (p *parser) nameOrConst(tok token) expr {
	switch tok.text {
	case "true", "True":
		return constTrue
	case "false", "False":
		return constFalse
	case "none", "None":
		return constNone
	}
	p.noteName(tok.text)
	return &nameExpr{pos: tok.pos, name: tok.text}
}

// noteName remembers the use of names that Jinja2 makes on demand: loop in
// loops, caller, varargs and kwargs in macros.
func (p *parser) noteName(name string) {
	switch name {
	case "loop":
		for _, f := range p.fors {
			f.usesLoop = true
		}
	case "caller", "varargs", "kwargs":
		for _, m := range p.macros {
			m.usesCaller = m.usesCaller || name == "caller"
			m.usesVarargs = m.usesVarargs || name == "varargs"
			m.usesKwargs = m.usesKwargs || name == "kwargs"
		}
	}
}

// stringLiteral joins adjacent strings as Python does.
func (p *parser) stringLiteral() (expr, *Error) {
	var joined string
	for first := true; p.cur.kind == tokString; first = false {
		s := p.cur.text
		if strings.IndexByte(s, '\\') >= 0 {
			var msg string
			if s, msg = unescape(s); msg != "" {
				return nil, p.failAt(p.cur.pos, "%s", msg)
			}
		}
		if first {
			joined = s
		} else {
			joined += s
		}
		if err := p.advance(); err != nil {
			return nil, err
		}
	}
	return &constExpr{Str(joined)}, nil
}

func (p *parser) list() (expr, *Error) {
	if err := p.advance(); err != nil {
		return nil, err
	}
	l := &listExpr{}
	for p.cur.kind != tokRBracket {
		if len(l.items) > 0 {
			if _, err := p.expect(tokComma); err != nil {
				return nil, err
			}
			if p.cur.kind == tokRBracket {
				break
			}
		}
		x, err := p.expression(true)
		if err != nil {
			return nil, err
		}
		l.items = append(l.items, x)
	}
	return l, p.advance()
}

func (p *parser) dict() (expr, *Error) {
	d := &dictExpr{pos: p.cur.pos}
	if err := p.advance(); err != nil {
		return nil, err
	}
	for p.cur.kind != tokRBrace {
		if len(d.keys) > 0 {
			if _, err := p.expect(tokComma); err != nil {
				return nil, err
			}
			if p.cur.kind == tokRBrace {
				break
			}
		}
		key, err := p.expression(true)
		if err != nil {
			return nil, err
		}
		if _, err = p.expect(tokColon); err != nil {
			return nil, err
		}
		val, err := p.expression(true)
		if err != nil {
			return nil, err
		}
		d.keys, d.vals = append(d.keys, key), append(d.vals, val)
	}
	return d, p.advance()
}
