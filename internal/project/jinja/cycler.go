package jinja

// cycler is Jinja2's cycler().
type cycler struct {
	items []Value
	pos   int
}

// Type is "Cycler".
func (*cycler) Type() string { return "Cycler" }

// Attr gives current, next, reset and the position.
func (c *cycler) Attr(name string) (Value, bool) {
	switch name {
	case "current":
		return c.items[c.pos], true
	case "pos":
		return Int(c.pos), true
	case "items":
		return NewTuple(c.items...), true
	case "next":
		return NewFunc("next", func(*Call) (Value, error) {
			v := c.items[c.pos]
			c.pos = (c.pos + 1) % len(c.items)
			return v, nil
		}), true
	case "reset":
		return NewFunc("reset", func(*Call) (Value, error) {
			c.pos = 0
			return None, nil
		}), true
	}
	return nil, false
}

// joiner is Jinja2's joiner(): nothing the first time, then the separator.
type joiner struct {
	sep  Value
	used bool
}

// Type is "Joiner".
func (*joiner) Type() string { return "Joiner" }

// Call gives the separator from the second time on.
func (j *joiner) Call(*Call) (Value, error) {
	if !j.used {
		j.used = true
		return Str(""), nil
	}
	return j.sep, nil
}

// Attr gives sep and used.
func (j *joiner) Attr(name string) (Value, bool) {
	switch name {
	case "sep":
		return j.sep, true
	case "used":
		return Bool(j.used), true
	}
	return nil, false
}
