package load

import (
	"encoding/binary"
	"time"
)

// Reject is a row that did not fit.
type Reject struct {
	File    string
	Line    uint64 // in Parquet: the row, from 1
	Reason  string
	Pointer string // JSON pointer, column, or "byte 17"; "" where the whole row is meant
	Raw     []byte // the beginning of the row as it stood in the file
}

func rejectsTable() *Table {
	return &Table{Name: RejectsTable, Columns: []Column{
		{Name: "table_name", Kind: Category},
		{Name: "file", Kind: Text},
		{Name: "line", Kind: Position},
		{Name: "reason", Kind: Category},
		{Name: "pointer", Kind: Text},
		{Name: "raw", Kind: Text},
		{Name: "rejected_at", Kind: Time},
		{Name: "batch", Kind: Text},
	}}
}

func rejectColumns() (names []string) {
	for _, c := range rejectsTable().Columns {
		names = append(names, c.Name)
	}
	return names
}

// encodeRejects writes rejects as one block in the Native format.
func encodeRejects(rejects []Reject, table, batch string, at time.Time) []byte {
	var columns []*buffer
	for _, c := range rejectsTable().Columns {
		columns = append(columns, newBuffer(c))
	}
	for _, r := range rejects {
		columns[0].put([]byte(table))
		columns[1].put([]byte(r.File))
		columns[2].putPosition(r.Line)
		columns[3].put([]byte(r.Reason))
		columns[4].put([]byte(r.Pointer))
		columns[5].put(r.Raw)
		columns[6].putPosition(uint64(at.UnixMilli()))
		columns[7].put([]byte(batch))
	}
	dst := binary.AppendUvarint(nil, uint64(len(columns)))
	dst = binary.AppendUvarint(dst, uint64(len(rejects)))
	for _, c := range columns {
		dst = c.encode(dst)
	}
	return dst
}
