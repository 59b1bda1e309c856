package jinja

// run executes statements in order until one jumps or fails.
func (f *frame) run(body []stmt) (control, error) {
	for _, s := range body {
		if c, err := s.exec(f); c != goOn || err != nil {
			return c, err
		}
	}
	return goOn, nil
}

// capture runs statements and gives what they print.
func (f *frame) capture(body []stmt) (string, control, error) {
	mark := len(f.st.buf)
	native := f.st.native
	f.st.native = nil
	c, err := f.run(body)
	f.st.native = native
	if err != nil {
		f.st.buf = f.st.buf[:mark]
		return "", c, err
	}
	return f.st.take(mark), c, nil
}

func (s *dataStmt) exec(f *frame) (control, error) {
	if f.st.native != nil {
		f.st.native.text(s.text)
	}
	return goOn, f.st.write(s.text)
}

func (s *printStmt) exec(f *frame) (control, error) {
	v, err := s.x.eval(f)
	if err != nil {
		return goOn, err
	}
	if f.st.native != nil {
		f.st.native.print(s.x, v)
	}
	if str, ok := v.(Str); ok {
		err = f.st.write(string(str))
	} else {
		var text string
		if text, err = f.st.str(v); err == nil {
			err = f.st.write(text)
		}
	}
	return goOn, f.fail(s.pos, err)
}

func (s *doStmt) exec(f *frame) (control, error) {
	_, err := s.x.eval(f)
	return goOn, f.fail(s.pos, err)
}

func (s *setStmt) exec(f *frame) (control, error) {
	v, err := s.x.eval(f)
	if err != nil {
		return goOn, err
	}
	return goOn, f.assign(&s.to, v)
}

func (s *setBlockStmt) exec(f *frame) (control, error) {
	f.open(s.entry)
	text, c, err := f.capture(s.body)
	if err != nil || c != goOn {
		return c, err
	}
	v := Value(Str(text))
	if s.filter != nil {
		if v, err = s.filter.apply(f, v); err != nil {
			return goOn, err
		}
	}
	return goOn, f.assign(&s.to, v)
}

func (s *filterBlockStmt) exec(f *frame) (control, error) {
	f.open(s.entry)
	text, c, err := f.capture(s.body)
	if err != nil || c != goOn {
		return c, err
	}
	v, err := s.filter.apply(f, Str(text))
	if err == nil {
		text, err = f.st.str(v)
	}
	if err == nil {
		err = f.st.write(text)
	}
	return goOn, f.fail(s.pos, err)
}

func (s *ifStmt) exec(f *frame) (control, error) {
	v, err := s.test.eval(f)
	if err != nil {
		return goOn, err
	}
	if truth(v) {
		return f.run(s.body)
	}
	return f.run(s.orElse)
}

func (s *jumpStmt) exec(*frame) (control, error) { return s.to, nil }

func (s *blockStmt) exec(f *frame) (control, error) {
	f.open(s.entry)
	return f.run(s.body)
}

func (s *withStmt) exec(f *frame) (control, error) {
	f.open(s.entry)
	for i, x := range s.values {
		v, err := x.eval(f)
		if err != nil {
			return goOn, err
		}
		if err := f.assign(&s.targets[i], v); err != nil {
			return goOn, err
		}
	}
	return f.run(s.body)
}

func (s *macroStmt) exec(f *frame) (control, error) {
	if s.name.sym != nil {
		f.vars[s.name.sym.slot] = &Macro{def: s.def, up: f, unit: f.unit}
	}
	return goOn, nil
}

func (s *callBlockStmt) exec(f *frame) (control, error) {
	caller := &Macro{def: s.def, up: f, unit: f.unit}
	v, err := s.call.evalWith(f, caller)
	if err != nil {
		return goOn, err
	}
	text, err := f.st.str(v)
	if err == nil {
		err = f.st.write(text)
	}
	return goOn, f.fail(s.pos, err)
}
