package postgres

import (
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// arrays are the columns of rows as a statement takes them: each a one-dimensional
// array in PostgreSQL's binary format (array_recv in its sources). They are written as
// rows are read: slices of values for the driver to encode were most of what a row cost
// this process, and forty megabytes of it. Values go by the columns, row by row.
type arrays struct {
	columns [][]byte
	next    int
	// tooLarge is a number that no bigint holds.
	tooLarge uint64
}

// columns are what arrays are named in a statement, and their elements' types.
type columns []struct {
	name    string
	element uint32
}

var typeNames = map[uint32]string{
	pgtype.UUIDOID: "uuid", pgtype.TimestamptzOID: "timestamptz", pgtype.DateOID: "date", pgtype.TextOID: "text", pgtype.ByteaOID: "bytea",
	pgtype.Int8OID: "bigint", pgtype.Int4OID: "int", pgtype.Int2OID: "smallint",
}

// arrayHead is the length of an array's header: dimensions, whether it has nulls, its
// elements' type, how many there are, and the first's index.
const arrayHead = 20

func newArrays(of columns) *arrays {
	a := &arrays{columns: make([][]byte, len(of))}
	for i := range of {
		head := binary.BigEndian.AppendUint32(make([]byte, 0, arrayHead), 1)
		head = binary.BigEndian.AppendUint32(head, 1)
		head = binary.BigEndian.AppendUint32(head, of[i].element)
		a.columns[i] = binary.BigEndian.AppendUint64(head, 1) // no element yet, from 1
	}
	return a
}

// add begins the next column's next value, of that many bytes; -1 is null.
func (a *arrays) add(size int) *[]byte {
	c := &a.columns[a.next]
	if a.next++; a.next == len(a.columns) {
		a.next = 0
	}
	binary.BigEndian.PutUint32((*c)[12:], binary.BigEndian.Uint32((*c)[12:])+1)
	*c = binary.BigEndian.AppendUint32(*c, uint32(int32(size)))
	return c
}

func (a *arrays) null() { a.add(-1) }

func (a *arrays) uuid(id [16]byte) {
	c := a.add(len(id))
	*c = append(*c, id[:]...)
}

func (a *arrays) text(s string) {
	c := a.add(len(s))
	*c = append(*c, s...)
}

func (a *arrays) bytes(b []byte) {
	c := a.add(len(b))
	*c = append(*c, b...)
}

func (a *arrays) int64(n int64) {
	c := a.add(8)
	*c = binary.BigEndian.AppendUint64(*c, uint64(n))
}

// count is a bigint.
func (a *arrays) count(n uint64) {
	if n > math.MaxInt64 {
		a.tooLarge = n
	}
	a.int64(int64(n))
}

func (a *arrays) int32(n int32) {
	c := a.add(4)
	*c = binary.BigEndian.AppendUint32(*c, uint32(n))
}

func (a *arrays) int16(n int16) {
	c := a.add(2)
	*c = binary.BigEndian.AppendUint16(*c, uint16(n))
}

// epoch is where PostgreSQL's times begin.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func (a *arrays) time(t time.Time) { a.int64(t.UnixMicro() - epoch.UnixMicro()) }

// date is the day that a moment is in, of a time zone.
func (a *arrays) date(t time.Time, zone *time.Location) {
	year, month, day := t.In(zone).Date()
	days := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() - epoch.Unix()
	a.int32(int32(days / (24 * 60 * 60)))
}

// rowsOf is the subquery whose rows are those of arrays, which are the first parameters.
// What a select list unnests goes from row to row; a function in FROM is written down
// whole first, which costs PostgreSQL a quarter of a row.
func rowsOf(of columns) string {
	var b strings.Builder
	for i, c := range of {
		fmt.Fprintf(&b, ", unnest($%d::%s[]) AS %s", i+1, typeNames[c.element], c.name)
	}
	return "(SELECT " + b.String()[len(", "):] + ") AS u"
}

// merge executes a statement with the arrays as its parameters, and others behind them
// in PostgreSQL's binary format. Nothing is prepared: proxies between here and the
// server may not keep that, and a statement is planned once for thousands of rows.
func (a *arrays) merge(ctx context.Context, tx pgx.Tx, statement string, others ...[]byte) error {
	if a.tooLarge > 0 {
		return fmt.Errorf("%d is larger than PostgreSQL's integers", a.tooLarge)
	}
	values := append(slices.Clone(a.columns), others...)
	binaries := []int16{pgx.BinaryFormatCode} // all of them
	return tx.Conn().PgConn().ExecParams(ctx, statement, values, nil, binaries, nil).Read().Err
}
