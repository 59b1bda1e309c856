package load

import "time"

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

// rejectColumns makes the rows of the table of rejects.
func rejectColumns(rejects []Reject, table, batch string, at time.Time) []*buffer {
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
	return columns
}
