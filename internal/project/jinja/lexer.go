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
