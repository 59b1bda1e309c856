package jinja

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

func strTable() table {
	t := table{}
	for name, fn := range map[string]func(string) string{
		"upper": upperText, "lower": lowerText, "title": titleText, "capitalize": capitalize,
		"swapcase": swapCase, "casefold": lowerText,
	} {
		t.def(name, "self", func(_ *state, a values) (Value, error) { return likeSelf(a[0], fn(selfText(a))), nil })
	}
	for name, fn := range map[string]func(string) bool{
		"isdigit": allRunes(isDigitRune), "isnumeric": allRunes(unicode.IsNumber), "isdecimal": allRunes(unicode.IsDigit),
		"isalpha": allRunes(unicode.IsLetter), "isalnum": allRunes(func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) }),
		"isspace": allRunes(isSpace), "isupper": isUpperText, "islower": isLowerText, "istitle": isTitleText,
		"isidentifier": isIdentifier, "isascii": isASCII, "isprintable": isPrintable,
	} {
		t.def(name, "self", func(_ *state, a values) (Value, error) { return Bool(fn(selfText(a))), nil })
	}
	strSearch(t)
	strCut(t)
	strPad(t)
	t.raw("format", func(c *Call) (Value, error) {
		s, err := formatStr(c.st, selfText(c.Args), c.Args[1:], c.Kwargs)
		return likeSelf(c.Args[0], s), err
	})
	t.def("format_map", "self mapping", func(st *state, a values) (Value, error) {
		keys, vals, ok := pairsOf(a[1])
		if !ok {
			return nil, raise(TypeError, "format_map() argument must be a mapping, not %s", a[1].Type())
		}
		kwargs := make([]Kwarg, len(keys))
		for i, k := range keys {
			name, _ := textOf(k)
			kwargs[i] = Kwarg{name, vals[i]}
		}
		s, err := formatStr(st, selfText(a), nil, kwargs)
		return likeSelf(a[0], s), err
	})
	return t
}

func selfText(a values) string {
	s, _ := textOf(a[0])
	return s
}

// likeSelf keeps Markup what came from Markup.
func likeSelf(self Value, s string) Value {
	if _, ok := self.(Markup); ok {
		return Markup(s)
	}
	return Str(s)
}

// upperText also spells out letters whose capitals are several.
func upperText(s string) string {
	s = strings.ToUpper(s)
	if isASCII(s) {
		return s
	}
	return wideCapitals.Replace(s)
}

var wideCapitals = strings.NewReplacer("ß", "SS", "ŉ", "ʼN", "ǰ", "J̌", "ﬁ", "FI", "ﬂ", "FL", "ﬀ", "FF", "ﬃ", "FFI", "ﬄ", "FFL", "ﬅ", "ST", "ﬆ", "ST")

func lowerText(s string) string { return strings.ToLower(s) }

func capitalize(s string) string {
	_, n := utf8.DecodeRuneInString(s)
	return titleRune(s[:n]) + strings.ToLower(s[n:])
}

func titleRune(s string) string {
	if s == "ß" {
		return "Ss"
	}
	return strings.ToTitle(s)
}

// titleText is str.title: every run of letters begins with a capital.
func titleText(s string) string {
	var b strings.Builder
	inWord := false
	for _, r := range s {
		switch {
		case !unicode.IsLetter(r):
			inWord = false
			b.WriteRune(r)
		case inWord:
			b.WriteRune(unicode.ToLower(r))
		default:
			inWord = true
			b.WriteRune(unicode.ToTitle(r))
		}
	}
	return b.String()
}

func swapCase(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, s)
}

func allRunes(ok func(rune) bool) func(string) bool {
	return func(s string) bool {
		for _, r := range s {
			if !ok(r) {
				return false
			}
		}
		return s != ""
	}
}

func isDigitRune(r rune) bool {
	return unicode.IsDigit(r) || strings.ContainsRune("²³¹⁰⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", r)
}

func isUpperText(s string) bool { return cased(s, unicode.IsLower) }

func isLowerText(s string) bool { return cased(s, unicode.IsUpper) }

// cased says whether s has letters with case and none of the wrong case.
func cased(s string, wrong func(rune) bool) bool {
	any := false
	for _, r := range s {
		if wrong(r) {
			return false
		}
		any = any || unicode.IsUpper(r) || unicode.IsLower(r)
	}
	return any
}

func isTitleText(s string) bool { return isCasedText(s) && s == titleText(s) }

func isCasedText(s string) bool { return isUpperText(strings.ToUpper(s)) }

func isIdentifier(s string) bool {
	for i, r := range s {
		if !isWordRune(r) || i == 0 && unicode.IsDigit(r) {
			return false
		}
	}
	return s != ""
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func isPrintable(s string) bool {
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return true
}
