package event

import (
	"strconv"

	"github.com/tiendi/tiendi/internal/jsonschema"
)

// walker checks an event against a node in one pass over its bytes, and keeps
// what belongs into a BaseEvent on the way. Its methods give false once the
// event is refused; rejection then says why.
type walker struct {
	scanner
	from      *Origin
	rejection *Rejection
	keys      [][]byte // of the objects being read, those that no member stands for
	kept
}

// anything is the node of values that no schema speaks of.
var anything = newNode()

func (w *walker) fail(reason Reason, detail string) bool {
	w.rejection = &Rejection{Reason: reason, Detail: detail}
	return false
}

// malformed is of the whole text: a pointer into what cannot be read is none.
func (w *walker) malformed() bool {
	if w.Half {
		return w.fail(InvalidUTF8, "half a surrogate pair before byte "+strconv.Itoa(w.Pos+1))
	}
	if w.Pos >= len(w.Raw) {
		return w.fail(MalformedJSON, "the text ends at byte "+strconv.Itoa(len(w.Raw))+", inside a value")
	}
	return w.fail(MalformedJSON, "unexpected "+strconv.QuoteRune(rune(w.Raw[w.Pos]))+" at byte "+strconv.Itoa(w.Pos+1))
}

// below puts a key or index before the pointer of what was refused beneath it.
func (w *walker) below(token string) bool {
	if w.rejection.Reason != MalformedJSON {
		w.rejection.under(token)
	}
	return false
}

// event reads the whole text as one object.
func (w *walker) event(n *node) bool {
	w.Space()
	if w.Pos < len(w.Raw) && w.Raw[w.Pos] != '{' && w.value(anything, 1) {
		return w.fail(WrongType, "an event is an object")
	}
	if w.rejection != nil {
		return false
	}
	if w.Pos == len(w.Raw) {
		return w.fail(MalformedJSON, "there is no event, only "+strconv.Itoa(len(w.Raw))+" bytes of blanks")
	}
	if !w.object(n, 1) {
		return false
	}
	w.Space()
	return w.Pos == len(w.Raw) || w.malformed()
}

// value reads any value, which lies at this depth's inside.
func (w *walker) value(n *node, depth int) bool {
	if w.Pos == len(w.Raw) {
		return w.malformed()
	}
	start := w.Pos
	switch w.Raw[w.Pos] {
	case '"':
		return w.text(n)
	case '{':
		if !w.fits(n, jsonschema.KindObject) || !w.object(n, depth+1) {
			return false
		}
		w.keepObject(n.keep, start)
		return true
	case '[':
		return w.fits(n, jsonschema.KindArray) && w.array(n, depth+1)
	case 't':
		return (w.Word("true") || w.malformed()) && w.fits(n, jsonschema.KindBool)
	case 'f':
		return (w.Word("false") || w.malformed()) && w.fits(n, jsonschema.KindBool)
	case 'n':
		return (w.Word("null") || w.malformed()) && (w.known(n.keep) || w.fits(n, jsonschema.KindNull))
	}
	return w.numeral(n)
}

// fits checks a value's type.
func (w *walker) fits(n *node, kind jsonschema.Kinds) bool {
	return n.kinds&kind != 0 || w.fail(WrongType, wantedKind(n, kind))
}

// array reads an array, whose opening bracket is next.
func (w *walker) array(n *node, depth int) bool {
	if depth > MaxDepth {
		return w.fail(TooDeep, "nested deeper than "+strconv.Itoa(MaxDepth))
	}
	w.Pos++
	w.Space()
	count, of := 0, n.items
	if of == nil {
		of = anything
	}
	for more := !w.Take(']'); more; count++ {
		if !w.value(of, depth) {
			return w.below(strconv.Itoa(count))
		}
		w.Space()
		if more = !w.Take(']'); more {
			if !w.Take(',') {
				return w.malformed()
			}
			w.Space()
		}
	}
	if count < n.minItems || n.maxItems >= 0 && count > n.maxItems {
		return w.fail(InvalidValue, wantedItems(n, count))
	}
	return true
}
