package jinja

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// tag scans one token within {{ }} or {% %}.
func (l *lexer) tag() (token, *Error) {
	l.pos = skipSpace(l.src, l.pos)
	start := l.pos
	if start >= len(l.src) {
		return token{kind: tokEOF, pos: int32(start), end: int32(start)}, nil
	}
	if len(l.open) == 0 {
		if tok, ok := l.close(start); ok {
			return tok, nil
		}
	}
	c := l.src[start]
	switch {
	case isDigit(c):
		return l.number(start), nil
	case c == '_' || c|0x20 >= 'a' && c|0x20 <= 'z':
		return l.name(start)
	case c == '\'' || c == '"':
		return l.quoted(start, c)
	case c >= utf8.RuneSelf:
		if r, _ := utf8.DecodeRuneInString(l.src[start:]); unicode.IsLetter(r) || isWordRune(r) {
			return l.name(start)
		}
	}
	return l.operator(start)
}

// close matches the end of the tag, with its whitespace control.
func (l *lexer) close(i int) (token, bool) {
	kind, end := tokVarEnd, "}}"
	if l.mode == lexBlock {
		kind, end = tokBlockEnd, "%}"
	}
	after := -1
	switch c := l.src[i]; {
	case strings.HasPrefix(l.src[i:], end):
		after = i + 2
	case c == '-' && strings.HasPrefix(l.src[i+1:], end):
		after = skipSpace(l.src, i+3)
	case c == '+' && l.mode == lexBlock && strings.HasPrefix(l.src[i+1:], end):
		after = i + 3
	default:
		return token{}, false
	}
	l.pos, l.mode = after, lexRoot
	return token{kind: kind, pos: int32(i), end: int32(after)}, true
}

func (l *lexer) name(start int) (token, *Error) {
	i := start
	for i < len(l.src) {
		c := l.src[i]
		if c < utf8.RuneSelf {
			if c == '_' || isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'z' {
				i++
				continue
			}
			break
		}
		r, n := utf8.DecodeRuneInString(l.src[i:])
		if !isWordRune(r) {
			break
		}
		i += n
	}
	l.pos = i
	text := l.src[start:i]
	if text[0] >= utf8.RuneSelf {
		if r, _ := utf8.DecodeRuneInString(text); !unicode.IsLetter(r) {
			return token{}, l.fail(start, "Invalid character in identifier")
		}
	}
	return token{tokName, int32(start), int32(i), text}, nil
}

func isWordRune(r rune) bool {
	return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.Is(unicode.M, r)
}

func (l *lexer) quoted(start int, quote byte) (token, *Error) {
	for i := start + 1; i < len(l.src); i++ {
		switch l.src[i] {
		case '\\':
			i++
		case quote:
			l.pos = i + 1
			return token{tokString, int32(start), int32(i + 1), l.src[start+1 : i]}, nil
		}
	}
	e := l.fail(start, fmt.Sprintf("unexpected char %s at %d", reprStr(string(quote)), start))
	e.Hint = "this string is never closed"
	return token{}, e
}

var twoByteOps = map[string]tokenKind{
	"//": tokFloorDiv, "**": tokPow, "==": tokEq, "!=": tokNe, ">=": tokGe, "<=": tokLe,
}

var oneByteOps = [128]tokenKind{
	'+': tokAdd, '-': tokSub, '*': tokMul, '/': tokDiv, '%': tokMod, '~': tokTilde,
	'[': tokLBracket, ']': tokRBracket, '(': tokLParen, ')': tokRParen, '{': tokLBrace,
	'}': tokRBrace, '>': tokGt, '<': tokLt, '=': tokAssign, '.': tokDot, ':': tokColon,
	'|': tokPipe, ',': tokComma, ';': tokSemicolon,
}

func (l *lexer) operator(start int) (token, *Error) {
	c := l.src[start]
	size := 1
	kind := tokEOF
	if c < 128 {
		kind = oneByteOps[c]
	}
	if start+1 < len(l.src) && (l.src[start+1] == '=' || l.src[start+1] == c && (c == '*' || c == '/')) {
		if k, ok := twoByteOps[l.src[start:start+2]]; ok {
			kind, size = k, 2
		}
	}
	if kind == tokEOF {
		r, _ := utf8.DecodeRuneInString(l.src[start:])
		return token{}, l.fail(start, fmt.Sprintf("unexpected char %s at %d", reprStr(string(r)), start))
	}
	if err := l.balance(c, start); err != nil {
		return token{}, err
	}
	l.pos = start + size
	return token{kind: kind, pos: int32(start), end: int32(l.pos), text: l.src[start:l.pos]}, nil
}

// balance keeps track of brackets, since }} and %} end a tag only outside them.
func (l *lexer) balance(c byte, at int) *Error {
	switch c {
	case '{':
		l.open = append(l.open, '}')
	case '(':
		l.open = append(l.open, ')')
	case '[':
		l.open = append(l.open, ']')
	case '}', ')', ']':
		if len(l.open) == 0 {
			return l.fail(at, fmt.Sprintf("unexpected '%c'", c))
		}
		want := l.open[len(l.open)-1]
		l.open = l.open[:len(l.open)-1]
		if want != c {
			return l.fail(at, fmt.Sprintf("unexpected '%c', expected '%c'", c, want))
		}
	}
	return nil
}
