package cdc

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pglogrepl"

	"github.com/tiendi/tiendi/internal/change"
)

// decoder turns the messages of PostgreSQL's log into changes.
type decoder struct {
	known     map[TableName][]change.Column // tables that are mirrored, as the changes so far have them
	accept    func(TableName) bool
	relations map[uint32]*relation // by oid

	begun     bool // a transaction is being read
	commit    pglogrepl.LSN
	end       pglogrepl.LSN // of the transaction read last
	committed time.Time
	xid       uint32
	// sequence counts every change of the transaction, also of tables that are not
	// mirrored: so a change has its number whatever is mirrored when it is read again.
	sequence uint64

	old, new tuple
	row      [][]byte // of a delete
	change   change.Change

	// emit takes a change and the places of values that are not in the log. Both are
	// good until it returns.
	emit func(c *change.Change, absent []int) error
	// described is told of a table's new columns, before its first change with them.
	described func(name TableName, columns []change.Column, at pglogrepl.LSN)
}

func newDecoder(known map[TableName][]change.Column, accept func(TableName) bool) *decoder {
	return &decoder{known: known, accept: accept, relations: map[uint32]*relation{}}
}

// message takes one.
func (d *decoder) message(data []byte) error {
	r := &reader{rest: data}
	var err error
	switch kind := r.byte(); kind {
	case 'B':
		d.commit, d.committed, d.xid = r.lsn(), r.time(), r.uint32()
		d.begun, d.sequence = true, 0
	case 'C':
		r.byte() // flags, of which there are none
		r.lsn()
		d.end, d.begun = r.lsn(), false
	case 'R':
		oid, rel := r.relation()
		if !r.bad {
			err = d.relation(oid, rel)
		}
	case 'I':
		err = d.insert(r)
	case 'U':
		err = d.update(r)
	case 'D':
		err = d.delete(r)
	case 'T':
		err = d.truncate(r)
	case 'Y', 'O', 'M': // types, origins and messages say nothing of rows
	default:
		err = fmt.Errorf("%w: it is of kind %q", errMessage, kind)
	}
	if r.bad {
		return fmt.Errorf("%w: %.1q… is cut off", errMessage, data)
	}
	return err
}

// of is the relation that a message names.
func (d *decoder) of(r *reader) (*relation, error) {
	oid := r.uint32()
	if r.bad {
		return nil, nil
	}
	rel := d.relations[oid]
	if rel == nil || !d.begun {
		return nil, fmt.Errorf("%w: it is of relation %d, which was not described, or outside of a transaction", errMessage, oid)
	}
	return rel, nil
}

// read takes a tuple and holds it against the relation.
func (d *decoder) read(r *reader, rel *relation, t *tuple) error {
	r.tuple(t)
	if !r.bad && len(t.row) != len(rel.Columns) {
		return fmt.Errorf("%w: a row of %s has %d values, and the table %d columns", errMessage, rel.name, len(t.row), len(rel.Columns))
	}
	return nil
}

func (d *decoder) insert(r *reader) error {
	rel, err := d.of(r)
	if rel == nil {
		return err
	}
	r.bad = r.bad || r.byte() != 'N'
	if err := d.read(r, rel, &d.new); err != nil || r.bad {
		return err
	}
	d.sequence++
	return d.send(rel, change.Insert, d.new.row, d.new.absent)
}

func (d *decoder) update(r *reader) error {
	rel, err := d.of(r)
	if rel == nil {
		return err
	}
	kind := r.byte()
	before := kind
	if kind == 'K' || kind == 'O' {
		if err := d.read(r, rel, &d.old); err != nil {
			return err
		}
		kind = r.byte()
	}
	r.bad = r.bad || kind != 'N'
	if err := d.read(r, rel, &d.new); err != nil || r.bad {
		return err
	}
	// Two numbers, whether or not the key changes: an old key may be there for other
	// reasons, and whether it is must not move the numbers of what follows.
	d.sequence += 2
	if before == 'N' {
		return d.send(rel, change.Update, d.new.row, d.new.absent)
	}
	d.fill(rel, before == 'O')
	if sameKey(rel.Columns, d.old.row, d.new.row) {
		return d.send(rel, change.Update, d.new.row, d.new.absent)
	}
	d.sequence--
	if err := d.send(rel, change.Delete, d.keyOnly(rel), nil); err != nil {
		return err
	}
	d.sequence++
	return d.send(rel, change.Insert, d.new.row, d.new.absent)
}

// fill takes values that were not changed from the old row: all of them where the log
// has it whole (REPLICA IDENTITY FULL), otherwise those of the key.
func (d *decoder) fill(rel *relation, whole bool) {
	d.new.absent = slices.DeleteFunc(d.new.absent, func(i int) bool {
		if (whole || rel.Columns[i].Key) && !slices.Contains(d.old.absent, i) {
			d.new.row[i] = d.old.row[i]
			return true
		}
		return false
	})
}

func (d *decoder) delete(r *reader) error {
	rel, err := d.of(r)
	if rel == nil {
		return err
	}
	kind := r.byte()
	r.bad = r.bad || kind != 'K' && kind != 'O'
	if err := d.read(r, rel, &d.old); err != nil || r.bad {
		return err
	}
	d.sequence++
	return d.send(rel, change.Delete, d.keyOnly(rel), nil)
}

// keyOnly is the old row's key.
func (d *decoder) keyOnly(rel *relation) [][]byte {
	d.row = d.row[:0]
	for i, c := range rel.Columns {
		value := d.old.row[i]
		if !c.Key {
			value = nil
		}
		d.row = append(d.row, value)
	}
	return d.row
}

func (d *decoder) truncate(r *reader) error {
	n := r.uint32()
	r.byte() // options: CASCADE's tables are listed too
	for ; n > 0; n-- {
		rel, err := d.of(r)
		if rel == nil {
			return err
		}
		d.sequence++
		if err := d.send(rel, change.Truncate, nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// send emits a change of a table that is mirrored.
func (d *decoder) send(rel *relation, op change.Op, row [][]byte, absent []int) error {
	if !rel.wanted {
		return nil
	}
	for i, c := range rel.Columns {
		if c.Key && op != change.Truncate && row[i] == nil {
			return fmt.Errorf("%w: a row of %s comes without %s, which is part of its key", errMessage, rel.name, c.Name)
		}
	}
	d.change = change.Change{
		Relation: rel.Relation, Op: op, Row: row, Committed: d.committed,
		Version: change.Version{LSN: uint64(d.commit), Sequence: d.sequence},
	}
	return d.emit(&d.change, absent)
}

func sameKey(columns []change.Column, a, b [][]byte) bool {
	for i, c := range columns {
		if c.Key && !bytes.Equal(a[i], b[i]) {
			return false
		}
	}
	return true
}
