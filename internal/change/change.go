package change

import (
	"encoding/binary"
	"math/big"
	"time"

	"github.com/cespare/xxhash/v2"
)

// Topic is where changes lie. Its partitions are as many as those of the raw events.
const Topic = "analytics.cdc"

// Op is what happened to a row.
type Op byte

// Read is a row of the initial snapshot. Delete gives the key's columns, all others are
// NULL. Truncate gives no row, and stands in every partition of the topic. A row whose
// key changes is a Delete of the old and an Insert of the new.
const (
	Read     Op = 'r'
	Insert   Op = 'i'
	Update   Op = 'u'
	Delete   Op = 'd'
	Truncate Op = 't'
)

// Version orders the changes of a row: that of the highest version is the last one. It
// is the place of the transaction's commit in PostgreSQL's log (LSN, bytes) and the
// change's number in the transaction, from 1. Rows of a snapshot have 0 there, and the
// place from which on changes are read: every change comes after them.
type Version struct {
	LSN, Sequence uint64
}

// Int is the version as the warehouse has it, a UInt128: the LSN above 64 bits of
// sequence.
func (v Version) Int() *big.Int {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], v.LSN)
	binary.BigEndian.PutUint64(b[8:], v.Sequence)
	return new(big.Int).SetBytes(b[:])
}

// Column is a column of a table, as the database describes it.
type Column struct {
	Name string
	Type uint32 // PostgreSQL's OID of the type
	Key  bool   // part of the primary key
}

// Relation is a table as it was when the changes that follow it were made.
type Relation struct {
	Schema, Name string
	Columns      []Column
}

// Change is one change of one row. Row has a value for each column of the relation, in
// PostgreSQL's text format; nil is NULL.
type Change struct {
	Relation  *Relation
	Op        Op
	Version   Version
	Committed time.Time // microseconds
	Row       [][]byte
}

// Batch is one message of the topic: changes in their order or, where Run is not empty,
// the mark that ends a run (`--once`): it stands behind all that the run has to take.
type Batch struct {
	Run     string
	Changes []Change
}

// Partition is where the changes of a row are: it goes by the table's name and the
// values of the key's columns, in the order of the columns.
func Partition(table string, key [][]byte, partitions int) int {
	var d xxhash.Digest
	d.Reset()
	_, _ = d.WriteString(table) // a hash takes everything
	for _, value := range key {
		_, _ = d.Write([]byte{0}) // no text of PostgreSQL's holds it
		_, _ = d.Write(value)
	}
	return int(d.Sum64() % uint64(partitions))
}
