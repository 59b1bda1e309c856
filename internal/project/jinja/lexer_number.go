package jinja

import "strings"

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// number scans an int or a float literal as Python 3 writes them.
func (l *lexer) number(start int) token {
	if start == 0 || l.src[start-1] != '.' {
		if end := floatEnd(l.src, start); end > 0 {
			l.pos = end
			return token{tokFloat, int32(start), int32(end), l.src[start:end]}
		}
	}
	end := intEnd(l.src, start)
	l.pos = end
	return token{tokInt, int32(start), int32(end), l.src[start:end]}
}

// digitsEnd matches (\d+_)*\d+ and gives its end, or from when there is none.
func digitsEnd(src string, from int) int {
	i := from
	for i < len(src) && (isDigit(src[i]) || src[i] == '_' && i > from && isDigit(src[i-1]) && i+1 < len(src) && isDigit(src[i+1])) {
		i++
	}
	return i
}

func floatEnd(src string, start int) int {
	i := digitsEnd(src, start)
	found := 0
	if i < len(src) && src[i] == '.' {
		if j := digitsEnd(src, i+1); j > i+1 {
			i, found = j, j
		}
	}
	if i < len(src) && src[i]|0x20 == 'e' {
		j := i + 1
		if j < len(src) && (src[j] == '+' || src[j] == '-') {
			j++
		}
		if k := digitsEnd(src, j); k > j {
			return k
		}
	}
	return found
}

func intEnd(src string, start int) int {
	if src[start] != '0' {
		return digitsEnd(src, start)
	}
	if start+1 < len(src) {
		digits := ""
		switch src[start+1] | 0x20 {
		case 'x':
			digits = "0123456789abcdefABCDEF"
		case 'o':
			digits = "01234567"
		case 'b':
			digits = "01"
		}
		if digits != "" {
			if end := prefixedEnd(src, start+2, digits); end > start+2 {
				return end
			}
		}
	}
	return prefixedEnd(src, start+1, "0")
}

// prefixedEnd matches (_?[digits])*.
func prefixedEnd(src string, i int, digits string) int {
	for i < len(src) {
		j := i
		if src[j] == '_' {
			j++
		}
		if j >= len(src) || strings.IndexByte(digits, src[j]) < 0 {
			break
		}
		i = j + 1
	}
	return i
}
