package jsonschema

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

func (r *run) text(t *textRules, value string) bool {
	ok := r.counted(t.length, utf8.RuneCountInString(value), "characters")
	if t.pattern != nil && r.goOn(ok) && !t.pattern.MatchString(value) {
		ok = r.invalid("want a match of %s, got %s", clip(t.pattern.String()), r.show(value))
	}
	return ok
}

func (r *run) number(n *numberRules, value json.Number) bool {
	ok, d := true, newDecimal(value)
	for _, l := range n.limits {
		if c := d.compare(l.value) * l.side; c < 0 || c == 0 && l.strict {
			ok = r.invalid("want %s %s, got %s", l.sign(), clip(l.text), clip(string(value)))
		}
	}
	if n.divisors != "" && r.goOn(ok) && !d.multipleOf(n.divisor) {
		ok = r.invalid("want a multiple of %s, got %s", clip(n.divisors), clip(string(value)))
	}
	return ok
}

func (l limit) sign() string {
	sign := map[int]string{1: ">", -1: "<"}[l.side]
	if !l.strict {
		sign = map[int]string{1: "≥", -1: "≤"}[l.side]
	}
	return sign
}

func (r *run) counted(c counts, got int, of string) bool {
	if got >= c.least && (c.most == noLimit || got <= c.most) {
		return true
	}
	if r.quiet {
		return false
	}
	return r.invalid("want %s %s, got %d", c, of, got)
}

// String writes a range of counts.
func (c counts) String() string {
	switch {
	case c.most == noLimit:
		return fmt.Sprintf("%d or more", c.least)
	case c.least == 0:
		return fmt.Sprintf("up to %d", c.most)
	}
	return fmt.Sprintf("%d to %d", c.least, c.most)
}
