package clickhouse

import (
	"encoding/json"
	"strings"

	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/warehouse/native"
)

// RejectsTable is the raw model of changes that were set aside.
const RejectsTable = "change_rejects"

// rejectRows are rows of change_rejects.
type rejectRows struct {
	block
	table, op, column, batch, reason native.Categories
	key, row, message                native.Strings
	version                          *native.Sized
	committed                        native.Times
	position                         native.UInt64s
	isWritten                        native.UInt8s

	name    string // of the batch
	encoder change.Encoder
}

func newRejectRows(batch string, replicates bool) *rejectRows {
	r := &rejectRows{block: block{table: RejectsTable, replicates: replicates}, version: native.NewSized("UInt128", 16), name: batch}
	r.columns = native.Block{
		{Name: "table_name", Values: &r.table}, {Name: "row_key", Values: &r.key}, {Name: "op", Values: &r.op},
		{Name: "column_name", Values: &r.column}, {Name: "reason", Values: &r.reason}, {Name: "row", Values: &r.row},
		{Name: "message", Values: &r.message}, {Name: "committed_at", Values: &r.committed}, {Name: "_version", Values: r.version},
		{Name: "_batch", Values: &r.batch}, {Name: "_position", Values: &r.position},
		{Name: "is_written", Values: &r.isWritten},
	}
	return r
}

// opNames are what people call what happened.
var opNames = map[change.Op]string{
	change.Read: "read", change.Insert: "insert", change.Update: "update", change.Delete: "delete", change.Truncate: "truncate",
}

// add takes a change, for people to read and as it was in the log.
func (r *rejectRows) add(c *change.Change, why misfit, position uint64) {
	reason, _, _ := strings.Cut(why.err.Error(), "\n")
	r.append(c, why.column, reason, r.name, position, false)
}

// written says of a change that was set aside that it is not any more.
func (r *rejectRows) written(c *change.Change, batch string, position uint64) {
	r.append(c, "", "", batch, position, true)
}

func (r *rejectRows) append(c *change.Change, column, reason, batch string, position uint64, isWritten bool) {
	r.table.Append(rawName(c.Relation))
	r.op.Append(opNames[c.Op])
	r.column.Append(column)
	r.reason.Append(reason)
	r.key.AppendBytes(rowText(c, true))
	r.row.AppendBytes(rowText(c, false))
	r.encoder.Add(c)
	r.message.AppendBytes(r.encoder.Body())
	r.version.AppendWords([4]uint64{c.Version.Sequence, c.Version.LSN})
	r.committed.Append(c.Committed)
	r.batch.Append(batch)
	r.position.Append(position)
	r.isWritten.AppendFlag(isWritten)
}

// rowText is a row as JSON, or only its key: the columns in their order, with the texts
// of their values.
func rowText(c *change.Change, keyOnly bool) []byte {
	text := []byte{'{'}
	for i, value := range c.Row {
		column := c.Relation.Columns[i]
		if keyOnly && !column.Key {
			continue
		}
		if len(text) > 1 {
			text = append(text, ',')
		}
		text = append(append(text, quoted(column.Name)...), ':')
		if value == nil {
			text = append(text, "null"...)
		} else {
			text = append(text, quoted(string(value))...)
		}
	}
	return append(text, '}')
}

func quoted(text string) []byte {
	quoted, err := json.Marshal(text)
	if err != nil {
		return []byte(`""`) // no string has one
	}
	return quoted
}
