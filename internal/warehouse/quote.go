package warehouse

import "strings"

// Ident quotes a name for use in SQL: a`b becomes `a\`b`.
func Ident(name string) string {
	return "`" + escape(name, '`') + "`"
}

// Literal quotes a string for use in SQL: it's becomes 'it\'s'.
func Literal(s string) string {
	return "'" + escape(s, '\'') + "'"
}

func escape(s string, quote byte) string {
	var b strings.Builder
	b.Grow(len(s) + 2)
	for i := range len(s) {
		if s[i] == quote || s[i] == '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
