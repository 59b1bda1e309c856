package jinja

// container prints a list, dict and the like; one that holds itself prints as
// [...] within.
func (p *printer) container(v Value) error {
	for _, o := range p.open {
		if o == v {
			return p.add(cycleMark(v))
		}
	}
	if len(p.open) >= maxPrintDepth {
		return limitError("levels", maxPrintDepth, "the nesting of a list or dict that is printed", "print a part of it")
	}
	p.open = append(p.open, v)
	defer func() { p.open = p.open[:len(p.open)-1] }()
	switch v := v.(type) {
	case *List:
		return p.items("[", v.Items, "]")
	case *Tuple:
		return p.tuple(v.Items)
	case *group:
		return p.tuple(v.pair())
	case *Dict:
		return p.dict(v)
	case *Set:
		if v.Len() == 0 {
			return p.add("set()")
		}
		return p.items("{", v.Items(), "}")
	case *dictView:
		return p.items(v.kind+"([", v.items(), "])")
	}
	if err := p.add("<Namespace "); err != nil {
		return err
	}
	if err := p.repr(v.(*Namespace).vars); err != nil {
		return err
	}
	return p.add(">")
}

func cycleMark(v Value) string {
	switch v.(type) {
	case *Dict:
		return "{...}"
	case *Tuple:
		return "(...)"
	case *List:
		return "[...]"
	}
	return "..."
}

func (p *printer) items(open string, items []Value, closing string) error {
	if err := p.add(open); err != nil {
		return err
	}
	for i, item := range items {
		if i > 0 {
			p.buf = append(p.buf, ", "...)
		}
		if err := p.repr(item); err != nil {
			return err
		}
	}
	return p.add(closing)
}

func (p *printer) tuple(items []Value) error {
	if len(items) == 1 {
		return p.items("(", items, ",)")
	}
	return p.items("(", items, ")")
}

func (p *printer) dict(d *Dict) error {
	if err := p.add("{"); err != nil {
		return err
	}
	first := true
	for i, k := range d.keys {
		if k == nil {
			continue
		}
		if !first {
			p.buf = append(p.buf, ", "...)
		}
		first = false
		if err := p.repr(k); err != nil {
			return err
		}
		p.buf = append(p.buf, ": "...)
		if err := p.repr(d.vals[i]); err != nil {
			return err
		}
	}
	return p.add("}")
}
