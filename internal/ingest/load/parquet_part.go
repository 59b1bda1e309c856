package load

import "bytes"

// part is some rows of a column that lie in one page.
type part struct {
	rows    int
	values  *values
	first   int     // place of the first value among values, or in places
	places  []int32 // of the page's values in the dictionary, nil where there is none
	levels  []byte  // of each row; nil where all have a value
	present byte    // the level of those that have one
}

// cut takes the first n rows off.
func (p *part) cut(n int) part {
	head := *p
	head.rows = n
	p.rows -= n
	if p.levels != nil {
		head.levels, p.levels = p.levels[:n], p.levels[n:]
		n = bytes.Count(head.levels, []byte{p.present})
	}
	p.first += n
	return head
}

// spread tells the place of every row's value among values, -1 for NULL.
func (p *part) spread(rows []int32) error {
	next, end := p.first, p.values.n
	if p.places != nil {
		end = len(p.places)
	}
	for i := range rows {
		if p.levels != nil && p.levels[i] != p.present {
			rows[i] = -1
			continue
		}
		if next == end {
			return errFew
		}
		rows[i] = int32(next)
		next++
	}
	if p.places == nil {
		return nil
	}
	for i, at := range rows {
		if at < 0 {
			continue
		}
		if rows[i] = p.places[at]; uint(rows[i]) >= uint(p.values.n) {
			return errPlace
		}
	}
	return nil
}

// place tells it for one row.
func (p *part) place(row int) int32 {
	one := *p
	one.cut(row)
	at := []int32{-1}
	_ = one.spread(at)
	return at[0]
}
