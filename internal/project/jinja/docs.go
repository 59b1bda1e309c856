package jinja

import "strings"

// Docs finds the docs blocks of a Markdown file. Unlike Parse it does not read
// what stands outside of them, nor their text, which dbt keeps as it is: both
// may hold what is not Jinja. Comments are passed over.
func Docs(name, source string) ([]*Definition, error) {
	t := &Template{name: name, source: normalize(source)}
	var docs []*Definition
	for pos := 0; ; {
		at := findTag(t.source, pos)
		if at < 0 {
			return docs, nil
		}
		pos = at + 2
		if t.source[at+1] == '#' {
			end := strings.Index(t.source[pos:], "#}")
			if end < 0 {
				return docs, nil
			}
			pos += end + 2
			continue
		}
		title, body, ok := docsHead(t.source, at)
		if !ok {
			continue
		}
		end, after := docsEnd(t.source, body)
		if end < 0 {
			p := t.place(int32(at))
			return nil, &Error{File: name, Line: p.Line, Column: p.Column, Kind: SyntaxError,
				Message: "the docs block " + reprStr(title) + " is never closed", Hint: "write {% enddocs %} after its text"}
		}
		d := &macroDef{name: title, pos: int32(at), bodyPos: int32(body), bodyEnd: int32(end), end: int32(after)}
		d.info = &Definition{Kind: KindDocs, Name: title, Title: title}
		docs = append(docs, t.definition(d))
		pos = after
	}
}

// docsHead matches {% docs name %} at i and gives where its text begins.
func docsHead(src string, i int) (title string, body int, ok bool) {
	l := lexer{}
	l.init(src)
	l.pos, l.mode = i+2, lexBlock
	if src[i+1] != '%' {
		return "", 0, false
	}
	if l.pos < len(src) && (src[l.pos] == '-' || src[l.pos] == '+') {
		l.pos++
	}
	var words [2]string
	for n := range words {
		tok, err := l.next()
		if err != nil || tok.kind != tokName {
			return "", 0, false
		}
		words[n] = tok.text
	}
	tok, err := l.next()
	return words[1], l.pos, err == nil && tok.kind == tokBlockEnd && words[0] == "docs"
}

// docsEnd finds the next {% enddocs %}; end is -1 when there is none.
func docsEnd(src string, from int) (end, after int) {
	for {
		i := strings.Index(src[from:], "{%")
		if i < 0 {
			return -1, 0
		}
		from += i + 2
		j := from
		if j < len(src) && (src[j] == '-' || src[j] == '+') {
			j++
		}
		j = skipSpace(src, j)
		if !strings.HasPrefix(src[j:], "enddocs") {
			continue
		}
		j = skipSpace(src, j+len("enddocs"))
		if j < len(src) && (src[j] == '-' || src[j] == '+') {
			j++
		}
		if strings.HasPrefix(src[j:], "%}") {
			return from - 2, j + 2
		}
	}
}
