package native

import (
	"encoding/binary"
	"io"
	"net"
)

// Values are the values of one column.
type Values interface {
	// Type is ClickHouse's name of their type.
	Type() string
	// Rows is how many they are.
	Rows() int
	// Reset forgets them and keeps the memory.
	Reset()
	// stored appends the pieces that the format consists of. They stay the column's.
	stored(pieces net.Buffers) net.Buffers
}

// Column is a column of a table.
type Column struct {
	Name   string
	Values Values
}

// Block is rows of a table. Its columns have equally many values.
type Block []Column

// Rows is how many rows there are.
func (b Block) Rows() int { return b[0].Values.Rows() }

// Reset forgets the rows and keeps the memory.
func (b Block) Reset() {
	for _, c := range b {
		c.Values.Reset()
	}
}

// Reader gives the block's bytes. They are those of the columns: until it is read to
// its end, they must stay as they are.
func (b Block) Reader() io.Reader {
	head := binary.AppendUvarint(nil, uint64(len(b)))
	pieces := net.Buffers{binary.AppendUvarint(head, uint64(b.Rows()))}
	for _, c := range b {
		pieces = c.Values.stored(append(pieces, AppendString(AppendString(nil, c.Name), c.Values.Type())))
	}
	return &pieces
}

// AppendString adds a String, or a name: its length and its bytes.
func AppendString[T string | []byte](dst []byte, s T) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}
