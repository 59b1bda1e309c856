package jinja

import "fmt"

// loopValue is the variable loop of a for statement.
type loopValue struct {
	it      iterator
	seq     Value // nil when only counting can tell its length
	cur     Value
	before  Value
	after   Value // looked at ahead of its turn
	changed *Tuple
	index0  int
	depth0  int
	length  int // -1 while unknown
	stmt    *forStmt
	outer   *frame
}

// Type is "LoopContext".
func (l *loopValue) Type() string { return "LoopContext" }

// advance goes on to the next item.
func (l *loopValue) advance() (Value, bool, error) {
	v := l.after
	l.after = nil
	if v == nil {
		var ok bool
		var err error
		if v, ok, err = l.it.next(); err != nil || !ok {
			return nil, false, err
		}
	}
	l.index0++
	l.before, l.cur = l.cur, v
	return v, true, nil
}

func (l *loopValue) peek() (Value, error) {
	if l.after == nil {
		v, ok, err := l.it.next()
		if err != nil || !ok {
			return nil, err
		}
		l.after = v
	}
	return l.after, nil
}

// size is the number of turns; a sequence without a length is read to its end.
func (l *loopValue) size() (int, error) {
	if l.length >= 0 {
		return l.length, nil
	}
	if l.seq != nil {
		if n, ok := lengthOf(l.seq); ok {
			l.length = n
			return n, nil
		}
	}
	var rest []Value
	for {
		v, ok, err := l.it.next()
		if err != nil {
			return 0, err
		}
		if !ok {
			break
		}
		rest = append(rest, v)
	}
	l.it = &sliceIter{items: rest}
	l.length = len(rest) + l.index0 + 1
	if l.after != nil {
		l.length++
	}
	return l.length, nil
}

// attr gives loop.index and its like.
func (l *loopValue) attr(name string) (Value, error) {
	switch name {
	case "index":
		return Int(l.index0 + 1), nil
	case "index0":
		return Int(l.index0), nil
	case "first":
		return Bool(l.index0 == 0), nil
	case "depth":
		return Int(l.depth0 + 1), nil
	case "depth0":
		return Int(l.depth0), nil
	case "last":
		v, err := l.peek()
		return Bool(v == nil), err
	case "length", "revindex", "revindex0":
		n, err := l.size()
		switch name {
		case "revindex":
			n -= l.index0
		case "revindex0":
			n -= l.index0 + 1
		}
		return Int(n), err
	case "previtem":
		if l.index0 == 0 {
			return &Undefined{Hint: "there is no previous item"}, nil
		}
		return l.before, nil
	case "nextitem":
		v, err := l.peek()
		if v == nil && err == nil {
			v = &Undefined{Hint: "there is no next item"}
		}
		return v, err
	case "cycle":
		return NewFunc("cycle", l.cycle), nil
	case "changed":
		return NewFunc("changed", l.change), nil
	}
	return nil, nil
}

func (l *loopValue) cycle(c *Call) (Value, error) {
	if len(c.Args) == 0 {
		return nil, raise(TypeError, "no items for cycling given")
	}
	return c.Args[l.index0%len(c.Args)], nil
}

func (l *loopValue) change(c *Call) (Value, error) {
	now := NewTuple(append([]Value(nil), c.Args...)...)
	if l.changed != nil {
		same, err := equal(l.changed, now)
		if err != nil || same {
			return Bool(false), err
		}
	}
	l.changed = now
	return Bool(true), nil
}

// Call renders the loop again for what is nested within the current item.
func (l *loopValue) Call(c *Call) (Value, error) {
	if l.outer == nil {
		return nil, raise(TypeError, "The loop must have the 'recursive' marker to be called recursively.")
	}
	if len(c.Args) != 1 {
		return nil, raise(TypeError, "loop() takes the sequence to go through")
	}
	text, err := l.stmt.recurse(l.outer, c.Args[0], l.depth0+1)
	return Str(text), err
}

// Len is the number of turns.
func (l *loopValue) Len() int {
	n, _ := l.size()
	return n
}

// String is Jinja2's.
func (l *loopValue) String() string {
	return fmt.Sprintf("<LoopContext %d/%d>", l.index0+1, l.Len())
}
