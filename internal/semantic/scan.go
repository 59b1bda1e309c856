package semantic

import (
	"strings"
	"unicode/utf8"
)

type tokenKind int

const (
	wordToken tokenKind = iota + 1
	numberToken
	stringToken
	signToken
	referenceToken
)

// token is one word of a condition. A string's text is without its quotes.
type token struct {
	kind tokenKind
	text string
	ref  *reference
}

// scanExpression cuts a query's condition into words.
func scanExpression(text string) ([]token, error) {
	if !utf8.ValidString(text) || strings.ContainsRune(text, 0) {
		return nil, wrong("", "a condition is not UTF-8 text")
	}
	var tokens []token
	for i := 0; i < len(text); {
		rest := text[i:]
		if strings.IndexByte(" \t\r\n", rest[0]) >= 0 {
			i++
			continue
		}
		t, n, err := scanToken(rest)
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
		i += n
	}
	return tokens, nil
}

// scanToken gives the word that a text begins with, and its length.
func scanToken(rest string) (token, int, error) {
	switch c := rest[0]; {
	case strings.HasPrefix(rest, "{{"):
		n := closing(rest)
		if n < 0 {
			return token{}, 0, wrong("close it with }}", "a reference is not closed: %s", excerpt(rest))
		}
		ref, err := parseReference(rest[2 : n-2])
		return token{kind: referenceToken, text: rest[:n], ref: ref}, n, err
	case c == '\'':
		return scanString(rest)
	case c >= '0' && c <= '9' || c == '.' && len(rest) > 1 && rest[1] >= '0' && rest[1] <= '9':
		n := numberLength(rest)
		if n < len(rest) && wordByte(rest[n]) {
			return token{}, 0, wrong("put texts and dates in single quotes", "%s is no number", excerpt(rest))
		}
		return token{kind: numberToken, text: rest[:n]}, n, nil
	case wordByte(c):
		n := 1
		for n < len(rest) && wordByte(rest[n]) {
			n++
		}
		return token{kind: wordToken, text: rest[:n]}, n, nil
	}
	for _, sign := range []string{"!=", "<>", "<=", ">=", "=", "<", ">", "(", ")", ",", "+", "-", "*", "/", "%"} {
		if strings.HasPrefix(rest, sign) {
			return token{kind: signToken, text: sign}, len(sign), nil
		}
	}
	hint := ""
	if rest[0] == '"' {
		hint = "put texts in single quotes"
	}
	return token{}, 0, wrong(hint, "a condition cannot hold %s", excerpt(rest))
}

// numberLength is that of digits, with a fraction perhaps.
func numberLength(s string) int {
	n, dot := 0, false
	for ; n < len(s); n++ {
		if s[n] == '.' && !dot {
			dot = true
			continue
		}
		if s[n] < '0' || s[n] > '9' {
			break
		}
	}
	return n
}

// scanString reads a text in single quotes; two quotes stand for one. A
// backslash is a character like any other.
func scanString(s string) (token, int, error) {
	var b strings.Builder
	for i := 1; i < len(s); i++ {
		if s[i] != '\'' {
			b.WriteByte(s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == '\'' {
			b.WriteByte('\'')
			i++
			continue
		}
		return token{kind: stringToken, text: b.String()}, i + 1, nil
	}
	return token{}, 0, wrong("", "a quote is not closed: %s", excerpt(s))
}
