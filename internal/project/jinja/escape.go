package jinja

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

var htmlEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "'", "&#39;", `"`, "&#34;")

// escapeHTML escapes as markupsafe does.
func escapeHTML(s string) string { return htmlEscaper.Replace(s) }

var simpleEscapes = map[byte]byte{
	'\\': '\\', '\'': '\'', '"': '"', 'a': '\a', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t', 'v': '\v',
}

// unescape reads the escapes of a Python str literal; msg is what is wrong.
func unescape(s string) (_, msg string) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		i++
		c := s[i]
		if r, ok := simpleEscapes[c]; ok {
			b.WriteByte(r)
			continue
		}
		switch {
		case c == '\n':
		case c == 'x' || c == 'u' || c == 'U':
			n := map[byte]int{'x': 2, 'u': 4, 'U': 8}[c]
			code, ok := hexDigits(s[i+1:], n)
			if !ok {
				return "", "truncated \\" + string(c) + strings.Repeat("X", n) + " escape"
			}
			if code > utf8.MaxRune {
				return "", "illegal Unicode character"
			}
			b.WriteRune(rune(code))
			i += n
		case c >= '0' && c <= '7':
			end := i + 1
			for end < len(s) && end < i+3 && s[end] >= '0' && s[end] <= '7' {
				end++
			}
			code, _ := strconv.ParseUint(s[i:end], 8, 32)
			b.WriteRune(rune(code))
			i = end - 1
		case c == 'N':
			return "", "names of Unicode characters are not known here; write \\uXXXX"
		default:
			b.WriteByte('\\')
			i--
			i += copyRune(&b, s[i+1:])
		}
	}
	return b.String(), ""
}

// copyRune copies what follows a backslash that escapes nothing.
func copyRune(b *strings.Builder, s string) int {
	r, n := utf8.DecodeRuneInString(s)
	if r < utf8.RuneSelf {
		b.WriteString(s[:n])
		return n
	}
	digits := strconv.FormatInt(int64(r), 16)
	switch {
	case r < 0x100:
		b.WriteString("x" + digits)
	case r < 0x10000:
		b.WriteString("u" + strings.Repeat("0", 4-len(digits)) + digits)
	default:
		b.WriteString("U" + strings.Repeat("0", 8-len(digits)) + digits)
	}
	return n
}

func hexDigits(s string, n int) (uint64, bool) {
	if len(s) < n {
		return 0, false
	}
	code, err := strconv.ParseUint(s[:n], 16, 64)
	return code, err == nil
}
