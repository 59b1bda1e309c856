package native

// Growing are Values whose last rows can be taken back.
type Growing interface {
	Values
	// End is the place behind the last row.
	End() Place
	// Cut takes back what was added since End gave that place.
	Cut(to Place)
}

// Place is a place between two rows of a column.
type Place struct{ rows, bytes int }

// End implements Growing.
func (s *Sized) End() Place { return Place{rows: s.Rows()} }

// Cut implements Growing.
func (s *Sized) Cut(to Place) { s.data = s.data[:to.rows*s.size] }

// End implements Growing.
func (u *UUIDs) End() Place { return Place{rows: u.Rows()} }

// Cut implements Growing.
func (u *UUIDs) Cut(to Place) { u.data = u.data[:to.rows*16] }

// End implements Growing.
func (s *Strings) End() Place { return Place{s.rows, len(s.data)} }

// Cut implements Growing.
func (s *Strings) Cut(to Place) { s.rows, s.data = to.rows, s.data[:to.bytes] }

// End implements Growing.
func (c *Categories) End() Place { return Place{rows: len(c.places)} }

// Cut implements Growing. What came into the dictionary stays there.
func (c *Categories) Cut(to Place) { c.places = c.places[:to.rows] }

// End implements Growing.
func (n *Nullable) End() Place {
	return Place{n.Rows(), n.of.End().bytes}
}

// Cut implements Growing.
func (n *Nullable) Cut(to Place) {
	n.nulls.data = n.nulls.data[:to.rows]
	n.of.Cut(to)
}

// End implements Growing.
func (l *Lists) End() Place { return Place{l.ends.Rows(), l.of.End().bytes} }

// Cut implements Growing.
func (l *Lists) Cut(to Place) {
	l.ends.data = l.ends.data[:8*to.rows]
	l.of.Cut(Place{l.last(), to.bytes})
}
