package jinja

// lazyPlace is a place that is worked out only when someone asks for it.
type lazyPlace struct {
	tmpl  *Template
	pos   int32
	place Place // when there is no template
}

func (l lazyPlace) get() Place {
	if l.tmpl != nil {
		return l.tmpl.place(l.pos)
	}
	return l.place
}

func (f *frame) lazy(pos int32) lazyPlace { return lazyPlace{tmpl: f.unit.tmpl, pos: pos} }
