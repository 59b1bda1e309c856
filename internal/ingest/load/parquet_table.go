package load

// maxTable bounds the tables, so that a dictionary of many small values does not
// grow to many times its size.
const maxTable = 1 << 17

// table holds the values of a dictionary as the table's column stores them, so
// that each is converted once and not for every row that has it.
type table struct {
	stored []byte
	width  int
	fits   []bool // nil where there is no table
}

func newTable(l *leaf, v *values) (t table) {
	if !l.target.parsed() || v.n > maxTable {
		return t
	}
	t.width = l.target.width()
	t.fits = make([]bool, v.n)
	t.stored = make([]byte, 0, v.n*t.width)
	for i := range v.n {
		var reason string
		if t.stored, reason = l.store(t.stored, v, int32(i)); reason == "" {
			t.fits[i] = true
			continue
		}
		t.stored = t.stored[:(i+1)*t.width]
	}
	return t
}

// at is a value as it is stored; nil where the dictionary's own is to be looked at.
func (t *table) at(place int32) []byte {
	if t.fits == nil || !t.fits[place] {
		return nil
	}
	from := int(place) * t.width
	return t.stored[from : from+t.width : from+t.width]
}
