package jinja

func (s *forStmt) exec(f *frame) (control, error) {
	seq, err := s.iter.eval(f)
	if err != nil {
		return goOn, err
	}
	if !s.recursive {
		return s.loopOver(f, seq, 0, nil)
	}
	text, err := s.recurse(f, seq, 0)
	if err == nil {
		err = f.st.write(text)
	}
	return goOn, f.fail(s.pos, err)
}

// recurse runs a recursive loop as a function of its own and gives its text.
func (s *forStmt) recurse(f *frame, seq Value, depth int) (string, error) {
	if err := f.st.deeper(); err != nil {
		return "", f.fail(s.pos, err)
	}
	defer func() { f.st.depth-- }()
	mark := len(f.st.buf)
	native := f.st.native
	f.st.native = nil
	_, err := s.loopOver(f.within(s.fn), seq, depth, f)
	f.st.native = native
	if err != nil {
		f.st.buf = f.st.buf[:mark]
		return "", err
	}
	return f.st.take(mark), nil
}

// loopOver runs the loop in f; outer is the frame around a recursive loop.
func (s *forStmt) loopOver(f *frame, seq Value, depth int, outer *frame) (control, error) {
	it, err := iterate(seq)
	if err != nil {
		return goOn, f.fail(s.pos, err)
	}
	if s.test != nil {
		it, seq = &testIter{f: f, loop: s, in: it}, nil
	}
	var lv *loopValue
	if s.loop != nil {
		lv = &loopValue{it: it, seq: seq, index0: -1, depth0: depth, length: -1, stmt: s, outer: outer}
	}
	empty := true
	for {
		more, c, err := s.turn(f, it, lv)
		if err != nil {
			return goOn, err
		}
		if !more {
			break
		}
		// Jinja2 counts a turn that ends in break or continue as none.
		empty = empty && c != goOn
		if c == breakLoop {
			break
		}
	}
	if empty && s.orElse != nil {
		f.open(s.elseEntry)
		return f.run(s.orElse)
	}
	return goOn, nil
}

// turn runs the body once; more is false at the end of the sequence.
func (s *forStmt) turn(f *frame, it iterator, lv *loopValue) (more bool, c control, err error) {
	var v Value
	if lv != nil {
		v, more, err = lv.advance()
	} else {
		v, more, err = it.next()
	}
	if err == nil {
		err = f.st.step()
	}
	if err != nil || !more {
		return false, goOn, f.fail(s.pos, err)
	}
	if s.to.name != nil {
		f.vars[s.to.name.sym.slot] = v
	} else if err = f.assign(&s.to, v); err != nil {
		return false, goOn, err
	}
	if lv != nil {
		f.vars[s.loop.slot] = lv
	}
	f.open(s.entry)
	c, err = f.run(s.body)
	return true, c, err
}

// testIter lets through what a loop's if accepts.
type testIter struct {
	f    *frame
	loop *forStmt
	in   iterator
}

func (t *testIter) next() (Value, bool, error) {
	for {
		v, ok, err := t.in.next()
		if err != nil || !ok {
			return nil, false, err
		}
		t.f.open(t.loop.testEntry)
		if err := t.f.assign(&t.loop.testTo, v); err != nil {
			return nil, false, err
		}
		r, err := t.loop.test.eval(t.f)
		if err != nil {
			return nil, false, err
		}
		if truth(r) {
			return v, true, nil
		}
		if err := t.f.st.step(); err != nil {
			return nil, false, t.f.fail(t.loop.pos, err)
		}
	}
}
