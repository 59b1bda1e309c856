package warehouse

import "strings"

// trimStatement drops the semicolon that ends a statement, with what follows it
// when that is only space and comments. A second statement stays, for the server
// to refuse.
func trimStatement(sql string) string {
	end, semicolon := 0, -1
	for i := 0; i < len(sql); {
		next, code := token(sql, i)
		switch {
		case !code:
		case sql[i] == ';':
			if semicolon < 0 {
				semicolon = i
			}
		default:
			end, semicolon = next, -1
		}
		i = next
	}
	if semicolon >= 0 {
		return sql[:end]
	}
	return sql
}

// isSelect reports whether a statement may stand in a subquery.
func isSelect(sql string) bool {
	for i := 0; i < len(sql); {
		next, code := token(sql, i)
		if code && sql[i] != '(' {
			word := strings.ToUpper(sql[i:next])
			return word == "SELECT" || word == "WITH" || word == "FROM" || word == "VALUES"
		}
		i = next
	}
	return false
}

// token returns where the token that starts at i ends, and whether it means
// anything, unlike space and comments. Words and quoted parts are one token,
// other bytes one each.
func token(sql string, i int) (next int, code bool) {
	rest := sql[i:]
	switch c := rest[0]; {
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		return i + 1, false
	case strings.HasPrefix(rest, "--"), strings.HasPrefix(rest, "#!"), strings.HasPrefix(rest, "# "):
		return i + until(rest, "\n", 0), false
	case strings.HasPrefix(rest, "/*"):
		return i + until(rest, "*/", 2), false
	case c == '\'' || c == '"' || c == '`':
		return i + quoted(rest), true
	case isWordByte(c):
		n := 1
		for n < len(rest) && isWordByte(rest[n]) {
			n++
		}
		return i + n, true
	}
	return i + 1, true
}

func isWordByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= 0x80
}

// until returns the length of s up to and with the mark, looked for after skip.
func until(s, mark string, skip int) int {
	if n := strings.Index(s[skip:], mark); n >= 0 {
		return skip + n + len(mark)
	}
	return len(s)
}

// quoted returns the length of the quoted part that s starts with; backslash and
// a doubled quote both escape.
func quoted(s string) int {
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			i++
		case s[i] == s[0] && i+1 < len(s) && s[i+1] == s[0]:
			i++
		case s[i] == s[0]:
			return i + 1
		}
	}
	return len(s)
}
