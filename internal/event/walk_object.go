package event

import (
	"math/bits"
	"strconv"
	"strings"
)

// object reads an object, whose opening brace is next.
func (w *walker) object(n *node, depth int) bool {
	if depth > MaxDepth {
		return w.fail(TooDeep, "nested deeper than "+strconv.Itoa(MaxDepth))
	}
	w.Pos++
	w.Space()
	o := reading{node: n, others: keySet{from: len(w.keys)}}
	for more := !w.Take('}'); more; {
		key, ok := w.Str()
		if !ok {
			return w.malformed()
		}
		w.Space()
		if !w.Take(':') {
			return w.malformed()
		}
		w.Space()
		if of := w.key(&o, key); of == nil || !w.value(of, depth) {
			return w.below(string(key))
		}
		w.Space()
		if more = !w.Take('}'); more {
			if !w.Take(',') {
				return w.malformed()
			}
			w.Space()
		}
	}
	w.keys = w.keys[:o.others.from]
	return w.complete(n, o.seen)
}

// reading is an object that is being read.
type reading struct {
	node   *node
	seen   uint64 // its members so far, one bit each
	next   int    // where the next member is looked for first
	others keySet
}

// key gives the node of the value behind a key, or nil where the object must
// not have it, or not again.
func (w *walker) key(o *reading, key []byte) *node {
	of, fresh, refused := anything, false, o.node.closed
	if m := o.node.find(key, &o.next); m != nil {
		bit := uint64(1) << (o.next - 1)
		fresh = o.seen&bit == 0
		o.seen |= bit
		of, refused = m.node, m.refused
	} else {
		fresh = o.others.add(w, key)
	}
	switch {
	case !fresh:
		w.fail(DuplicateKey, "the key is there twice")
		return nil
	case refused:
		w.fail(UnexpectedField, "the schema has no such key")
		return nil
	}
	return of
}

// complete finds the required keys that are not there: of an event that somebody wrote by
// hand there are often several.
func (w *walker) complete(n *node, seen uint64) bool {
	var keys []string
	for missing := n.required &^ seen; missing != 0; missing &= missing - 1 {
		if m := &n.members[bits.TrailingZeros64(missing)]; !w.known(m.node.keep) {
			keys = append(keys, m.key)
		}
	}
	if len(keys) == 0 {
		return true
	}
	detail := "required, and not there"
	if len(keys) > 1 {
		detail += "; also missing: " + clipText(strings.Join(keys[1:], ", "))
	}
	return w.fail(MissingField, detail) || w.below(keys[0])
}
