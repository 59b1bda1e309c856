package jinja

import "strings"

// definition parses a macro, test, materialization, snapshot or docs block.
func (p *parser) definition(begin int32) (stmt, *Error) {
	tag := p.tags[len(p.tags)-1]
	name, err := p.expect(tokName)
	if err != nil {
		return nil, err
	}
	d := &macroDef{name: name.text, pos: begin}
	d.info = &Definition{Kind: DefinitionKind(tag), Name: name.text, Title: name.text}
	switch tag {
	case "macro":
		err = p.signature(d)
	case "test", "data_test":
		d.info.Kind = KindTest
		d.info.Name = "test_" + name.text
		err = p.signature(d)
	case "materialization":
		err = p.materializationHead(d)
	}
	if err != nil {
		return nil, err
	}
	if err = p.defBody(d, "end"+tag); err != nil {
		return nil, err
	}
	d.name = d.info.Name
	if len(p.macros) == 0 && p.cond == 0 {
		p.defs = append(p.defs, d)
	}
	return &macroStmt{def: d, name: nameExpr{pos: name.pos, name: d.name}}, nil
}

// defBody parses the body of a macro or call block; loops outside are out of
// reach of its break and continue.
func (p *parser) defBody(d *macroDef, end string) (err *Error) {
	loops, cond := p.loops, p.cond
	p.loops, p.cond = 0, 0
	p.macros = append(p.macros, d)
	d.bodyPos = p.cur.end
	if d.body, err = p.statements([]string{end}); err != nil {
		return err
	}
	d.bodyEnd = p.tagBegin()
	if err = p.advance(); err != nil {
		return err
	}
	d.end = p.cur.end
	p.macros = p.macros[:len(p.macros)-1]
	p.loops, p.cond = loops, cond
	return nil
}

// tagBegin is where the tag opens whose name is the current token.
func (p *parser) tagBegin() int32 {
	return int32(strings.LastIndex(p.lex.src[:p.cur.pos], "{%"))
}

// signature parses (a, b: type = default).
func (p *parser) signature(d *macroDef) *Error {
	if _, err := p.expect(tokLParen); err != nil {
		return err
	}
	for p.cur.kind != tokRParen {
		if len(d.params) > 0 {
			if _, err := p.expect(tokComma); err != nil {
				return err
			}
		}
		name, err := p.expect(tokName)
		if err != nil {
			return err
		}
		prm := param{name: &nameExpr{pos: name.pos, name: name.text}}
		if ok, err := p.skipIf(tokColon); err != nil {
			return err
		} else if ok {
			from := p.cur.pos
			if err := p.typeName(); err != nil {
				return err
			}
			prm.annotation = strings.TrimSpace(p.lex.src[from:p.cur.pos])
		}
		if ok, err := p.skipIf(tokAssign); err != nil {
			return err
		} else if ok {
			if prm.def, err = p.expression(true); err != nil {
				return err
			}
		} else if n := len(d.params); n > 0 && d.params[n-1].def != nil {
			return p.failAt(p.cur.pos, "non-default argument follows default argument")
		}
		d.params = append(d.params, prm)
	}
	_, err := p.expect(tokRParen)
	return err
}

// typeName parses dbt's annotations: str, list[str], optional[dict[str, int]].
func (p *parser) typeName() *Error {
	if err := p.enter(); err != nil {
		return err
	}
	defer func() { p.depth-- }()
	if _, err := p.expect(tokName); err != nil {
		return err
	}
	if ok, err := p.skipIf(tokLBracket); !ok || err != nil {
		return err
	}
	for first := true; p.cur.kind != tokRBracket; first = false {
		if !first {
			if _, err := p.expect(tokComma); err != nil {
				return err
			}
		}
		if err := p.typeName(); err != nil {
			return err
		}
	}
	return p.advance()
}

// materializationHead parses , default | , adapter='x' | , supported_languages=[…].
func (p *parser) materializationHead(d *macroDef) *Error {
	d.info.Adapter, d.info.Languages = "default", []string{"sql"}
	languages := expr(&listExpr{[]expr{&constExpr{Str("sql")}}})
	for p.cur.kind == tokComma {
		if err := p.advance(); err != nil {
			return err
		}
		word, err := p.expect(tokName)
		if err != nil {
			return err
		}
		if word.text == "default" {
			continue
		}
		if _, err = p.expect(tokAssign); err != nil {
			return err
		}
		x, err := p.expression(true)
		if err != nil {
			return err
		}
		switch word.text {
		case "adapter":
			d.info.Adapter = strLiteral(x)
		case "supported_languages":
			languages, d.info.Languages = x, strLiterals(x)
		default:
			return p.failAt(word.pos, "materialization %s has no argument %s; it takes default, adapter and supported_languages", reprStr(d.name), reprStr(word.text))
		}
	}
	d.info.Name = "materialization_" + d.name + "_" + d.info.Adapter
	d.params = []param{{name: &nameExpr{name: "supported_languages"}, def: languages}}
	return nil
}

func strLiteral(x expr) string {
	if c, ok := x.(*constExpr); ok {
		if s, ok := c.v.(Str); ok {
			return string(s)
		}
	}
	return ""
}

func strLiterals(x expr) []string {
	var out []string
	if l, ok := x.(*listExpr); ok {
		for _, item := range l.items {
			out = append(out, strLiteral(item))
		}
	}
	return out
}

func (p *parser) callBlock(begin int32) (stmt, *Error) {
	s := &callBlockStmt{pos: p.cur.pos, def: &macroDef{name: "caller", pos: begin}}
	if p.cur.kind == tokLParen {
		if err := p.signature(s.def); err != nil {
			return nil, err
		}
	}
	x, err := p.expression(true)
	if err != nil {
		return nil, err
	}
	call, ok := x.(*callExpr)
	if !ok {
		return nil, p.failAt(s.pos, "expected call")
	}
	s.call = call
	return s, p.defBody(s.def, "endcall")
}
