package jinja

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// Pattern is a compiled regular expression of modules.re. It runs on Go's
// engine: no lookaround and no references back, and time linear in the text.
type Pattern struct {
	source string
	flags  int64
	re     *regexp.Regexp
}

// Match is one match of a Pattern.
type Match struct {
	p    *Pattern
	text string
	at   []int // pairs of byte offsets, -1 for groups that took no part
}

// Type is "re.Pattern".
func (*Pattern) Type() string { return "re.Pattern" }

// Type is "re.Match".
func (*Match) Type() string { return "re.Match" }

// String is Python's.
func (p *Pattern) String() string { return "re.compile(" + reprStr(p.source) + ")" }

// String is Python's.
func (m *Match) String() string {
	span := mustRepr(m.span(0))
	return "<re.Match object; span=" + span + ", match=" + reprStr(m.text[m.at[0]:m.at[1]]) + ">"
}

// Python's flags.
const (
	reIgnoreCase = 2
	reMultiline  = 8
	reDotAll     = 16
	reVerbose    = 64
)

// maxPattern bounds the source of a pattern, in bytes.
const maxPattern = 10000

// compilePattern makes a Pattern of a str or of a Pattern itself.
func compilePattern(v, flags Value) (*Pattern, error) {
	if p, ok := v.(*Pattern); ok {
		return p, nil
	}
	source, err := textArg(v)
	if err != nil {
		return nil, err
	}
	n, err := intArg(flags, 0)
	if err != nil {
		return nil, err
	}
	if len(source) > maxPattern {
		return nil, raise(ValueError, "the regular expression is longer than %d bytes", maxPattern)
	}
	converted, err := convertPattern(source, n&reVerbose != 0)
	if err != nil {
		return nil, err
	}
	prefix := ""
	for _, f := range []struct {
		bit    int
		letter string
	}{{reIgnoreCase, "i"}, {reMultiline, "m"}, {reDotAll, "s"}} {
		if n&f.bit != 0 {
			prefix += f.letter
		}
	}
	if prefix != "" {
		converted = "(?" + prefix + ")" + converted
	}
	re, err := regexp.Compile(converted)
	if err != nil {
		return nil, raise(ValueError, "the regular expression %s cannot be used: %s", reprStr(source), strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	return &Pattern{source, int64(n), re}, nil
}

// unsupportedGroups are constructs that Go's engine leaves out.
var unsupportedGroups = []struct{ start, name string }{
	{"(?=", "lookahead (?=…)"}, {"(?!", "lookahead (?!…)"}, {"(?<=", "lookbehind (?<=…)"},
	{"(?<!", "lookbehind (?<!…)"}, {"(?P=", "a reference back (?P=…)"}, {"(?(", "a condition (?(…)…)"}, {"(?>", "an atomic group (?>…)"},
}

// convertPattern writes a Python pattern in Go's syntax: \d, \w and \s are
// Unicode's, \Z is the end of the text.
func convertPattern(s string, verbose bool) (string, error) {
	for _, u := range unsupportedGroups {
		if i := strings.Index(s, u.start); i >= 0 && (i == 0 || s[i-1] != '\\') {
			return "", &raised{ValueError, "the regular expression " + reprStr(s) + " uses " + u.name + ", which is not available here",
				"rewrite it without, or test the text in Jinja"}
		}
	}
	var b strings.Builder
	inClass := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c == '\\' && i+1 < len(s):
			i++
			if s[i] >= '1' && s[i] <= '9' && !inClass {
				return "", &raised{ValueError, "the regular expression " + reprStr(s) + " refers back to a group, which is not available here", ""}
			}
			b.WriteString(convertEscape(s[i], inClass))
		case c == '[' && !inClass:
			inClass = true
			b.WriteByte(c)
			if strings.HasPrefix(s[i+1:], "^") {
				i++
				b.WriteByte('^')
			}
			if strings.HasPrefix(s[i+1:], "]") {
				i++
				b.WriteString(`\]`)
			}
		case c == '[':
			b.WriteString(`\[`)
		case c == ']':
			inClass = false
			b.WriteByte(c)
		case verbose && !inClass && isSpace(rune(c)):
		case verbose && !inClass && c == '#':
			for i+1 < len(s) && s[i+1] != '\n' {
				i++
			}
		default:
			b.WriteByte(c)
		}
	}
	return b.String(), nil
}

func convertEscape(c byte, inClass bool) string {
	classes := map[byte]string{'d': `\p{Nd}`, 'w': `\p{L}\p{N}_`, 's': `\s\v\x1c-\x1f\x85\p{Z}`}
	switch c {
	case 'd', 'w', 's':
		if inClass {
			return classes[c]
		}
		return "[" + classes[c] + "]"
	case 'D', 'W', 'S':
		if c == 'D' {
			return `\P{Nd}`
		}
		if inClass {
			return `\` + string(c)
		}
		return "[^" + classes[c|0x20] + "]"
	case 'Z':
		return `\z`
	}
	if c < utf8.RuneSelf && !isAlnum(c) && c != '_' {
		return regexp.QuoteMeta(string(c))
	}
	return `\` + string(c)
}
