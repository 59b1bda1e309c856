package semantic

import (
	"strings"
	"time"
)

// ident quotes a name, literal a text, for use in SQL. They are here as well as
// in the warehouse because this package asks nothing of it.
func ident(name string) string   { return quoted(name, '`') }
func literal(text string) string { return quoted(text, '\'') }

func quoted(s string, quote byte) string {
	if strings.IndexByte(s, quote) < 0 && strings.IndexByte(s, '\\') < 0 && strings.IndexByte(s, 0) < 0 {
		return string(quote) + s + string(quote)
	}
	var b strings.Builder
	b.Grow(len(s) + 2)
	b.WriteByte(quote)
	for i := range len(s) {
		switch s[i] {
		case quote, '\\':
			b.WriteByte('\\')
			b.WriteByte(s[i])
		case 0:
			b.WriteString(`\0`)
		default:
			b.WriteByte(s[i])
		}
	}
	b.WriteByte(quote)
	return b.String()
}

func literals(texts []string) string {
	out := make([]string, len(texts))
	for i, t := range texts {
		out[i] = literal(t)
	}
	return strings.Join(out, ", ")
}

func date(day time.Time) string { return "toDate('" + day.Format(time.DateOnly) + "')" }
