package cdc

import (
	"bytes"
	"encoding/binary"
	"errors"
	"time"

	"github.com/jackc/pglogrepl"

	"github.com/tiendi/tiendi/internal/change"
)

// errMessage is a message that is none of pgoutput's.
var errMessage = errors.New("a message of PostgreSQL's log cannot be read")

// reader takes a message of pgoutput apart. pglogrepl does so too, but copies each value,
// byte by byte, and panics on a message that is cut off. Once something was wrong it
// gives zeros.
type reader struct {
	rest []byte
	bad  bool
}

func (r *reader) take(n int) []byte {
	if r.bad || n < 0 || n > len(r.rest) {
		r.bad = true
		return nil
	}
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b
}

func (r *reader) byte() byte {
	if b := r.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *reader) uint16() uint16 {
	if b := r.take(2); b != nil {
		return binary.BigEndian.Uint16(b)
	}
	return 0
}

func (r *reader) uint32() uint32 {
	if b := r.take(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

func (r *reader) uint64() uint64 {
	if b := r.take(8); b != nil {
		return binary.BigEndian.Uint64(b)
	}
	return 0
}

func (r *reader) text() string {
	end := bytes.IndexByte(r.rest, 0)
	if end < 0 {
		r.bad = true
		return ""
	}
	text := string(r.rest[:end])
	r.rest = r.rest[end+1:]
	return text
}

func (r *reader) lsn() pglogrepl.LSN { return pglogrepl.LSN(r.uint64()) }

// sinceUnix is PostgreSQL's epoch, 2000-01-01, in microseconds of Unix's.
const sinceUnix = 946_684_800_000_000

func (r *reader) time() time.Time { return time.UnixMicro(int64(r.uint64()) + sinceUnix).UTC() }

// tuple is a row as the log has it.
type tuple struct {
	row    [][]byte // nil is NULL, or a value that is not there
	absent []int    // places of values that were not changed and are not there (TOAST)
}

// tuple reads a row into what an earlier one was in.
func (r *reader) tuple(t *tuple) {
	t.row, t.absent = t.row[:0], t.absent[:0]
	for range r.uint16() {
		var value []byte
		switch r.byte() {
		case 'n':
		case 'u':
			t.absent = append(t.absent, len(t.row))
		case 't':
			value = r.take(int(r.uint32()))
		default:
			r.bad = true
		}
		if r.bad {
			return
		}
		t.row = append(t.row, value)
	}
}

// relation is a table as a message describes it.
type relation struct {
	*change.Relation
	name     TableName
	identity byte
	wanted   bool
}

// relation reads a description; Key says what is part of the replica identity.
func (r *reader) relation() (oid uint32, rel *relation) {
	oid = r.uint32()
	rel = &relation{name: TableName{r.text(), r.text()}, identity: r.byte()}
	rel.Relation = &change.Relation{Schema: rel.name.Schema, Name: rel.name.Name}
	if rel.name.Schema == "" { // pgoutput's way to write pg_catalog
		rel.name.Schema = "pg_catalog"
	}
	for n := r.uint16(); n > 0 && !r.bad; n-- {
		key := r.byte()&1 == 1
		c := change.Column{Key: key, Name: r.text(), Type: r.uint32()}
		r.uint32() // the type's modifier
		rel.Columns = append(rel.Columns, c)
	}
	return oid, rel
}
