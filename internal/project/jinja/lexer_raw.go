package jinja

import "strings"

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
