package load

import "bufio"

// Blocks are sent when they have this many rows or bytes. ClickHouse takes large
// blocks fastest, and each worker holds one.
const (
	maxBlockRows  = 1 << 13
	maxBlockBytes = 4 << 20
)

// block collects rows of one table in columns. It is reused.
type block struct {
	table    *Table
	columns  []*buffer // as table.Columns
	position *buffer
	batch    *buffer
	rows     int
	bytes    int // about
}

func newBlock(t *Table) *block {
	b := &block{
		table:    t,
		position: newBuffer(Column{Name: colPosition, Kind: Position}),
		batch:    newBuffer(Column{Name: colBatch, Kind: Category}),
	}
	for _, c := range t.Columns {
		b.columns = append(b.columns, newBuffer(c))
	}
	return b
}

func (b *block) reset() {
	for _, c := range b.columns {
		c.reset()
	}
	b.position.reset()
	b.batch.reset()
	b.rows, b.bytes = 0, 0
}

func (b *block) full() bool { return b.rows >= maxBlockRows || b.bytes >= maxBlockBytes }

func (b *block) begin() {
	for _, c := range b.columns {
		c.begin()
	}
}

// undo takes back what columns [0, n) got since begin.
func (b *block) undo(n int) {
	for _, c := range b.columns[:n] {
		c.undo(b.rows)
	}
}

// commit makes what the columns got since begin a row.
func (b *block) commit(position uint64, bytes int) {
	b.position.putPosition(position)
	b.rows++
	b.bytes += bytes
}

// all are the columns that are stored, as t.columnNames has them. batch is the
// same for all rows.
func (b *block) all(batch string) []*buffer {
	b.batch.reset()
	for range b.rows {
		b.batch.putCategory([]byte(batch))
	}
	return append(b.columns[:len(b.columns):len(b.columns)], b.batch, b.position)
}

// encode writes a block in the Native format, as it stands in files and in HTTP
// requests. Its errors are w's, which keeps them.
func encode(w *bufio.Writer, columns []*buffer, rows int) {
	writeUvarint(w, len(columns))
	writeUvarint(w, rows)
	for _, c := range columns {
		c.encode(w)
	}
}

func (t *Table) names() (names []string) {
	for _, c := range t.Columns {
		names = append(names, c.Name)
	}
	return names
}

// columnNames are those that are stored with every row, in order.
func (t *Table) columnNames() []string { return append(t.names(), colBatch, colPosition) }
