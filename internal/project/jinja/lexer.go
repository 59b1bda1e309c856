package jinja

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

type lexMode uint8

const (
	lexRoot lexMode = iota
	lexVar
	lexBlock
)

// lexer cuts a source into tokens on demand. Its rules are those of Jinja2's
// lexer with the default delimiters and neither trim_blocks nor lstrip_blocks.
type lexer struct {
	src     string
	pos     int
	mode    lexMode
	open    []byte // closing brackets still awaited within a tag
	openBuf [16]byte
}

// normalize brings line ends to \n and drops one trailing line end.
func normalize(source string) string {
	if strings.IndexByte(source, '\r') >= 0 {
		source = strings.ReplaceAll(source, "\r\n", "\n")
		source = strings.ReplaceAll(source, "\r", "\n")
	}
	return strings.TrimSuffix(source, "\n")
}

func (l *lexer) init(source string) {
	l.src = source
	l.open = l.openBuf[:0]
}

// next gives the next token; comments, raw tags and whitespace are not tokens.
func (l *lexer) next() (token, *Error) {
	if l.mode == lexRoot {
		return l.root()
	}
	return l.tag()
}

func (l *lexer) fail(pos int, msg string) *Error {
	e := &Error{Kind: SyntaxError, Message: msg}
	e.Line, e.Column = lineColumn(l.src, pos)
	return e
}

// root scans text up to the next tag.
func (l *lexer) root() (token, *Error) {
	for l.pos < len(l.src) {
		start := l.pos
		at := findTag(l.src, start)
		if at < 0 {
			l.pos = len(l.src)
			return token{tokData, int32(start), int32(l.pos), l.src[start:]}, nil
		}
		text, body := l.src[start:at], at+2
		if body < len(l.src) && (l.src[body] == '-' || l.src[body] == '+') {
			if l.src[body] == '-' {
				text = strings.TrimRightFunc(text, isSpace)
			}
			body++
		}
		if text != "" {
			// The tag is scanned again by the next call, without text before it.
			l.pos = at
			return token{tokData, int32(start), int32(at), text}, nil
		}
		tok, done, err := l.enter(at, body)
		if done || err != nil {
			return tok, err
		}
	}
	return token{kind: tokEOF, pos: int32(l.pos), end: int32(l.pos)}, nil
}

// enter enters the tag at position at, whose content starts at body. It gives
// no token for comments and for empty raw blocks.
func (l *lexer) enter(at, body int) (token, bool, *Error) {
	switch l.src[at+1] {
	case '{':
		l.mode, l.pos = lexVar, body
		return token{kind: tokVarBegin, pos: int32(at), end: int32(body)}, true, nil
	case '#':
		return token{}, false, l.comment(at, body)
	}
	if begin, ok := rawBegin(l.src, body); ok {
		return l.raw(at, begin)
	}
	l.mode, l.pos = lexBlock, body
	return token{kind: tokBlockBegin, pos: int32(at), end: int32(body)}, true, nil
}

func (l *lexer) comment(at, body int) *Error {
	end := strings.Index(l.src[body:], "#}")
	if end < 0 {
		return l.fail(at, "Missing end of comment tag")
	}
	end += body
	l.pos = end + 2
	if end > body && l.src[end-1] == '-' {
		l.pos = skipSpace(l.src, l.pos)
	}
	return nil
}

// raw gives the text up to the endraw tag as data.
func (l *lexer) raw(at, begin int) (token, bool, *Error) {
	for from := begin; ; {
		i := strings.Index(l.src[from:], "{%")
		if i < 0 {
			return token{}, true, l.fail(at, "Missing end of raw directive")
		}
		i += from
		strip, after, ok := rawEnd(l.src, i+2)
		if !ok {
			from = i + 2
			continue
		}
		text := l.src[begin:i]
		if strip {
			text = strings.TrimRightFunc(text, isSpace)
		}
		l.pos = after
		return token{tokData, int32(begin), int32(i), text}, text != "", nil
	}
}

// findTag finds the next {{, {% or {# at or after from, or -1.
func findTag(src string, from int) int {
	for {
		i := strings.IndexByte(src[from:], '{')
		if i < 0 || from+i+1 >= len(src) {
			return -1
		}
		from += i
		switch src[from+1] {
		case '{', '%', '#':
			return from
		}
		from++
	}
}

// rawBegin matches \s*raw\s*(?:-%}\s*|%}) at body.
func rawBegin(src string, body int) (int, bool) {
	i := skipSpace(src, body)
	if !strings.HasPrefix(src[i:], "raw") {
		return 0, false
	}
	i = skipSpace(src, i+3)
	if strings.HasPrefix(src[i:], "-%}") {
		return skipSpace(src, i+3), true
	}
	return i + 2, strings.HasPrefix(src[i:], "%}")
}

// rawEnd matches [-+]?\s*endraw\s*(?:+%}|-%}\s*|%}) at i.
func rawEnd(src string, i int) (strip bool, after int, ok bool) {
	if i < len(src) && (src[i] == '-' || src[i] == '+') {
		strip = src[i] == '-'
		i++
	}
	i = skipSpace(src, i)
	if !strings.HasPrefix(src[i:], "endraw") {
		return false, 0, false
	}
	i = skipSpace(src, i+6)
	switch {
	case strings.HasPrefix(src[i:], "-%}"):
		return strip, skipSpace(src, i+3), true
	case strings.HasPrefix(src[i:], "+%}"):
		return strip, i + 3, true
	}
	return strip, i + 2, strings.HasPrefix(src[i:], "%}")
}

func skipSpace(src string, i int) int {
	for i < len(src) {
		c := src[i]
		if c < utf8.RuneSelf {
			if c == ' ' || c >= '\t' && c <= '\r' || c >= 0x1c && c <= 0x1f {
				i++
				continue
			}
			return i
		}
		r, n := utf8.DecodeRuneInString(src[i:])
		if !isSpace(r) {
			return i
		}
		i += n
	}
	return i
}

// isSpace is Python's str.isspace for one character.
func isSpace(r rune) bool { return unicode.IsSpace(r) || r >= 0x1c && r <= 0x1f }

// lineColumn gives the place of a byte offset, both counted from 1.
func lineColumn(src string, pos int) (line, column int) {
	pos = min(max(pos, 0), len(src))
	before := src[:pos]
	nl := strings.LastIndexByte(before, '\n')
	return 1 + strings.Count(before, "\n"), 1 + utf8.RuneCountInString(before[nl+1:])
}
