package aggregate

import (
	"io"
	"time"

	"github.com/tiendi/tiendi/internal/stream/record"
)

// snapshotVersion is what is written. Version 1 is read as well: it has nothing unsent.
const snapshotVersion = 2

// unsentShift is where a cell's first byte has what of it is not sent; its low bits
// are its record.By.
const unsentShift = 4

// Snapshot writes the state, from which Restore and the batches after the last one
// folded give the same values again. It holds what is still to be sent, so that no
// Flush has to come before. Errors are w's.
func (a *Aggregator) Snapshot(w io.Writer) error {
	e := writer{to: w}
	e.item()
	e.uint(snapshotVersion)
	e.bytes([]byte(a.options.Location.String()))
	e.clock(&a.clock)
	for g, periods := range a.periods {
		e.uint(a.late[g])
		e.uint(uint64(len(periods)))
	}
	for _, periods := range a.periods {
		for _, p := range periods {
			e.period(p)
		}
	}
	return e.end()
}

func (w *writer) clock(c *record.Clock) {
	if c.Latest.IsZero() {
		w.uint(0)
		return
	}
	w.uint(1)
	w.int(c.Latest.UnixMilli())
	w.int(c.At.UnixMilli())
	w.int(int64(c.Passed))
}

func (r *reader) clock() (c record.Clock) {
	if r.uint() == 0 {
		return c
	}
	c.Latest = time.UnixMilli(r.int()).UTC()
	c.At = time.UnixMilli(r.int()).UTC()
	c.Passed = time.Duration(r.int())
	return c
}

func (w *writer) period(p *period) {
	w.item()
	w.int(p.start)
	w.int(p.end)
	w.uint(uint64(len(p.sources)))
	w.uint(uint64(p.cells.count))
	for _, s := range p.sources {
		w.item()
		w.bytes([]byte(s.name))
	}
	var sketch []byte
	for n := range p.cells.count {
		w.item()
		sketch = p.cells.appendVisitors(sketch[:0], n)
		w.cell(p.cells.at(n), sketch)
	}
}

func (w *writer) cell(c *cell, sketch []byte) {
	w.b = append(w.b, byte(c.by)|byte(c.unsent)<<unsentShift)
	w.b = append(w.b, c.store[:]...)
	switch c.by {
	case record.ByProduct:
		w.b = append(w.b, c.item[:]...)
	case record.ByStoreSource:
		w.uint(uint64(c.sourceNumber()))
	}
	w.uint(c.revision)
	n := &c.counts
	for _, v := range [...]uint64{n.Views, n.Carts, n.Checkouts, n.Purchases, n.Units} {
		w.uint(v)
	}
	w.int(n.Revenue)
	w.bytes(sketch)
}
