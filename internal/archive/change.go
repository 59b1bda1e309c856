package archive

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/event"
)

// committedLayout has microseconds, as the database has.
const committedLayout = "2006-01-02T15:04:05.000000Z"

// AppendChange writes a change as a line, without its end:
//
//	{"schema":"public","table":"orders","op":"u","lsn":26738888,"sequence":2,
//	 "committed":"2026-11-20T13:00:01.000002Z","key":["id"],"columns":["id","status"],
//	 "types":[2950,1043],"row":{"id":"…","status":null}}
//
// The values of row are in PostgreSQL's text format;
// bytes that are no UTF-8 are an object, {"base64":"…"}. A truncate has no row.
func AppendChange(b []byte, c *change.Change) []byte {
	b = event.AppendString(append(b, `{"schema":`...), c.Relation.Schema)
	b = event.AppendString(append(b, `,"table":`...), c.Relation.Name)
	b = append(append(append(b, `,"op":"`...), byte(c.Op)), `","lsn":`...)
	b = strconv.AppendUint(b, c.Version.LSN, 10)
	b = strconv.AppendUint(append(b, `,"sequence":`...), c.Version.Sequence, 10)
	b = c.Committed.UTC().AppendFormat(append(b, `,"committed":"`...), committedLayout)
	b = append(b, `","key":[`...)
	first := true
	for _, column := range c.Relation.Columns {
		if column.Key {
			b = event.AppendString(comma(b, &first), column.Name)
		}
	}
	b, first = append(b, `],"columns":[`...), true
	for _, column := range c.Relation.Columns {
		b = event.AppendString(comma(b, &first), column.Name)
	}
	b, first = append(b, `],"types":[`...), true
	for _, column := range c.Relation.Columns {
		b = strconv.AppendUint(comma(b, &first), uint64(column.Type), 10)
	}
	b = append(b, ']')
	if c.Op != change.Truncate {
		b = appendRow(append(b, `,"row":`...), c)
	}
	return append(b, '}')
}

func comma(b []byte, first *bool) []byte {
	if !*first {
		b = append(b, ',')
	}
	*first = false
	return b
}

func appendRow(b []byte, c *change.Change) []byte {
	b = append(b, '{')
	first := true
	for i, value := range c.Row {
		b = append(event.AppendString(comma(b, &first), c.Relation.Columns[i].Name), ':')
		switch {
		case value == nil:
			b = append(b, "null"...)
		case utf8.Valid(value):
			b = event.AppendString(b, string(value))
		default:
			b = base64.StdEncoding.AppendEncode(append(b, `{"base64":"`...), value)
			b = append(b, `"}`...)
		}
	}
	return append(b, '}')
}

// Changes reads the lines of the topic of changes. The zero Changes is ready; a
// Relation is the same for all lines in a row that are of one shape of a table.
type Changes struct {
	relations map[string]*change.Relation
}

// changeLine is what AppendChange writes.
type changeLine struct {
	Schema    string                     `json:"schema"`
	Table     string                     `json:"table"`
	Op        string                     `json:"op"`
	LSN       uint64                     `json:"lsn"`
	Sequence  uint64                     `json:"sequence"`
	Committed time.Time                  `json:"committed"`
	Key       []string                   `json:"key"`
	Columns   []string                   `json:"columns"`
	Types     []uint32                   `json:"types"`
	Row       map[string]json.RawMessage `json:"row"`
}

// Read gives the change of a line.
func (r *Changes) Read(line []byte) (c change.Change, err error) {
	var l changeLine
	if err := json.Unmarshal(line, &l); err != nil {
		return c, fmt.Errorf("it is no change: %w", err)
	}
	if len(l.Op) != 1 || !bytes.Contains([]byte("riudt"), []byte(l.Op)) || l.Table == "" || len(l.Columns) != len(l.Types) {
		return c, errors.New("it is no change: op, table or columns are missing")
	}
	c = change.Change{
		Relation: r.relation(&l), Op: change.Op(l.Op[0]),
		Version: change.Version{LSN: l.LSN, Sequence: l.Sequence}, Committed: l.Committed.UTC(),
	}
	if c.Op == change.Truncate {
		return c, nil
	}
	c.Row = make([][]byte, len(l.Columns))
	for i, name := range l.Columns {
		raw, ok := l.Row[name]
		if !ok {
			return c, fmt.Errorf("it is no change: its row has no column %q, or the table has it twice", name)
		}
		if c.Row[i], err = readValue(raw); err != nil {
			return c, fmt.Errorf("column %s: %w", name, err)
		}
		delete(l.Row, name)
	}
	if len(l.Row) > 0 {
		return c, errors.New("it is no change: its row has columns that the table does not have")
	}
	return c, nil
}

func readValue(raw json.RawMessage) ([]byte, error) {
	switch {
	case string(raw) == "null":
		return nil, nil
	case raw[0] == '"':
		var text string
		err := json.Unmarshal(raw, &text)
		return []byte(text), err
	}
	var value struct {
		Base64 *[]byte `json:"base64"`
	}
	if err := json.Unmarshal(raw, &value); err != nil || value.Base64 == nil {
		return nil, errors.New("its value is neither text nor null nor base64")
	}
	return *value.Base64, nil
}

func (r *Changes) relation(l *changeLine) *change.Relation {
	made := &change.Relation{Schema: l.Schema, Name: l.Table, Columns: make([]change.Column, len(l.Columns))}
	for i, name := range l.Columns {
		made.Columns[i] = change.Column{Name: name, Type: l.Types[i], Key: slices.Contains(l.Key, name)}
	}
	name := l.Schema + "\x00" + l.Table
	if known := r.relations[name]; known != nil && slices.Equal(known.Columns, made.Columns) {
		return known
	}
	if r.relations == nil {
		r.relations = map[string]*change.Relation{}
	}
	r.relations[name] = made
	return made
}
