package event

import (
	"slices"
	"unicode/utf8"

	"github.com/tiendi/tiendi/internal/jsonschema"
)

// text reads a string and checks what the node says of strings.
func (w *walker) text(n *node) bool {
	start, scratch := w.Pos+1, len(w.Scratch)
	s, ok := w.Str()
	switch {
	case !ok:
		return w.malformed()
	case n == anything:
		return true
	case n.kinds&jsonschema.KindString == 0:
		return w.fail(WrongType, wantedKind(n, jsonschema.KindString))
	case n.only && !holds(n.fixed, s):
		if n.keep == slotType {
			w.otherType = true
		}
		return w.fail(InvalidValue, wantedOne(n, s))
	case n.banned != nil && holds(n.banned, s):
		return w.fail(InvalidValue, shown(s)+" is not allowed here")
	case !fitsLength(n, s):
		return w.fail(InvalidValue, wantedLength(n, s))
	}
	if n.format == formatNone && n.keep == slotNone {
		return true
	}
	return w.keepText(n, s, span{start, w.Pos - 1}, len(w.Scratch) > scratch)
}

func holds(list []string, s []byte) bool {
	for _, known := range list {
		if known == string(s) {
			return true
		}
	}
	return false
}

// fitsLength counts code points only where the bytes do not settle it.
func fitsLength(n *node, s []byte) bool {
	if n.maxLen >= 0 && len(s) > n.maxLen && utf8.RuneCount(s) > n.maxLen {
		return false
	}
	return n.minLen == 0 || len(s) >= n.minLen*utf8.UTFMax || utf8.RuneCount(s) >= n.minLen
}

// numeral reads a number and checks what the node says of numbers.
func (w *walker) numeral(n *node) bool {
	text, ok := w.Number()
	if !ok {
		return w.malformed()
	}
	d := newDecimal(text)
	if !d.readable() {
		return w.fail(InvalidValue, shown(text)+" is out of range: integers have 64 bits, all other numbers those of a double")
	}
	if n.kinds&jsonschema.KindFraction == 0 && (n.kinds&jsonschema.KindInteger == 0 || !d.isInteger()) {
		return w.fail(WrongType, wantedKind(n, jsonschema.KindFraction))
	}
	for i := range n.lower {
		if c := d.compare(&n.lower[i]); c < 0 || c == 0 && n.lower[i].strict {
			return w.fail(InvalidValue, wantedRange(n, text))
		}
	}
	for i := range n.upper {
		if c := d.compare(&n.upper[i]); c > 0 || c == 0 && n.upper[i].strict {
			return w.fail(InvalidValue, wantedRange(n, text))
		}
	}
	return true
}

// keySet finds keys that an object has twice, among those without a member.
type keySet struct {
	from int                 // where the object's keys begin in the walker's
	many map[string]struct{} // once they are more than a look at each is cheap for
}

// fewKeys is up to how many keys are compared one by one.
const fewKeys = 16

func (k *keySet) add(w *walker, key []byte) bool {
	if k.many == nil {
		mine := w.keys[k.from:]
		if slices.ContainsFunc(mine, func(other []byte) bool { return string(other) == string(key) }) {
			return false
		}
		if w.keys = append(w.keys, key); len(mine) < fewKeys {
			return true
		}
		k.many = map[string]struct{}{}
		for _, other := range w.keys[k.from:] {
			k.many[string(other)] = struct{}{}
		}
		return true
	}
	if _, there := k.many[string(key)]; there {
		return false
	}
	k.many[string(key)] = struct{}{}
	return true
}
