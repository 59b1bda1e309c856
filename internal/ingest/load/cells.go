package load

// cells holds the columns of some rows, as a row holds one of them: the values
// and kinds of each of the table's columns, row after row.
type cells struct {
	values [][][]byte
	kinds  [][]valueKind
	why    []problem // what is wrong with each row, if anything
	sizes  []int     // of each row's values in bytes
}

func newCells(t *Table, rows int) *cells {
	c := &cells{why: make([]problem, rows), sizes: make([]int, rows)}
	for range t.Columns {
		c.values = append(c.values, make([][]byte, rows))
		c.kinds = append(c.kinds, make([]valueKind, rows))
	}
	return c
}

// reset empties so many rows.
func (c *cells) reset(rows int) {
	clear(c.why[:rows])
	clear(c.sizes[:rows])
	for i := range c.values {
		clear(c.values[i][:rows])
		clear(c.kinds[i][:rows])
	}
}

// lift gives r the columns of the n-th row, and lower takes them back.
func (c *cells) lift(n int, r *row, columns []int) {
	for _, i := range columns {
		r.values[i], r.kinds[i] = c.values[i][n], c.kinds[i][n]
	}
}

func (c *cells) lower(n int, r *row, columns []int) {
	for _, i := range columns {
		c.values[i][n], c.kinds[i][n] = r.values[i], r.kinds[i]
	}
}
