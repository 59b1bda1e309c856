package change

import (
	"encoding/binary"
	"errors"
	"fmt"
	"time"
)

// ErrFormat is a message that is none of this contract's.
var ErrFormat = errors.New("not a message of changes")

// maxColumns is more than PostgreSQL has in a table.
const maxColumns = 1600

// Decode reads a message. Rows are parts of the body, which must stay as it is. An
// error is ErrFormat.
func Decode(body []byte) (*Batch, error) {
	if len(body) == 0 || body[0] != format {
		return nil, fmt.Errorf("%w of format %d", ErrFormat, format)
	}
	d := decoder{rest: body[1:]}
	b := &Batch{Run: string(d.bytes(d.length()))}
	for len(d.rest) > 0 && !d.bad {
		switch d.byte() {
		case partRelation:
			d.relations = append(d.relations, d.relation())
		case partChange:
			b.Changes = append(b.Changes, d.change())
		default:
			d.bad = true
		}
	}
	if d.bad || b.Run != "" && len(b.Changes) > 0 {
		return nil, fmt.Errorf("%w: damaged %d bytes before its end", ErrFormat, len(d.rest))
	}
	return b, nil
}

// decoder reads what is left of a body; once something was wrong it gives zeros.
type decoder struct {
	rest      []byte
	bad       bool
	relations []*Relation
	version   Version
	committed int64    // microseconds
	values    [][]byte // of rows to come, in one piece of memory
}

func (d *decoder) change() (c Change) {
	c.Op = Op(d.byte())
	number := d.uint()
	d.version = Version{LSN: d.version.LSN + uint64(d.int()), Sequence: d.uint()}
	d.committed += d.int()
	c.Version, c.Committed = d.version, time.UnixMicro(d.committed).UTC()
	switch c.Op {
	case Read, Insert, Update, Delete, Truncate:
	default:
		d.bad = true
	}
	if number >= uint64(len(d.relations)) {
		d.bad = true
	}
	if d.bad {
		return c
	}
	c.Relation = d.relations[number]
	if c.Op != Truncate {
		c.Row = d.row(len(c.Relation.Columns))
	}
	return c
}

func (d *decoder) row(columns int) [][]byte {
	if columns > len(d.rest) { // a value takes a byte at least
		d.bad = true
		return nil
	}
	if len(d.values) < columns {
		d.values = make([][]byte, max(columns, min(len(d.rest)/4, 1<<12)))
	}
	row := d.values[:columns:columns]
	d.values = d.values[columns:]
	for i := range row {
		if n := d.uint(); n > 0 {
			row[i] = d.bytes(n - 1)
		}
	}
	return row
}

func (d *decoder) relation() *Relation {
	r := &Relation{Schema: string(d.bytes(d.length())), Name: string(d.bytes(d.length()))}
	n := d.uint()
	if n > maxColumns {
		d.bad = true
		return r
	}
	for i := uint64(0); i < n && !d.bad; i++ {
		c := Column{Name: string(d.bytes(d.length()))}
		oid, key := d.uint(), d.byte()
		c.Type, c.Key = uint32(oid), key == 1
		d.bad = d.bad || oid != uint64(c.Type) || key > 1
		r.Columns = append(r.Columns, c)
	}
	return r
}

func (d *decoder) byte() byte {
	if d.bad || len(d.rest) == 0 {
		d.bad = true
		return 0
	}
	b := d.rest[0]
	d.rest = d.rest[1:]
	return b
}

func (d *decoder) length() uint64 { return d.uint() }

// bytes is never nil: nil is NULL.
func (d *decoder) bytes(n uint64) []byte {
	if d.bad || n > uint64(len(d.rest)) {
		d.bad = true
		return []byte{}
	}
	b := d.rest[:n:n]
	d.rest = d.rest[n:]
	return b
}

func (d *decoder) uint() uint64 {
	v, n := binary.Uvarint(d.rest)
	return v * d.took(n)
}

func (d *decoder) int() int64 {
	v, n := binary.Varint(d.rest)
	return v * int64(d.took(n))
}

// took goes on behind a number of n bytes: 1, or 0 where there was none.
func (d *decoder) took(n int) uint64 {
	if d.bad || n <= 0 {
		d.bad = true
		return 0
	}
	d.rest = d.rest[n:]
	return 1
}
