package forget

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/change"
)

// textTypes are PostgreSQL's types of free text: text, char, varchar, json, jsonb, xml,
// bytea, inet.
var textTypes = []uint32{25, 1042, 1043, 114, 3802, 142, 17, 869}

// owners are the columns that say whose a row is: the user's own, or that of what he did.
var owners = []string{"id", "user_id", "customer_id"}

// EditChange makes a change one of nobody's, and says whether it was theirs. In a row
// about one of them, or of what he did, texts are emptied that the project's raw table
// does not declare, and what is personal by its name.
func (p *People) EditChange(c *change.Change) bool {
	theirs, own := false, false
	for i, value := range c.Row {
		theirs = theirs || p.Holds(value)
		if id, ok := wholeID(value); ok && slices.Contains(owners, c.Relation.Columns[i].Name) && p.IsUser(id) {
			own = true
		}
	}
	if !theirs {
		return false
	}
	row := slices.Clone(c.Row)
	for i, column := range c.Relation.Columns {
		text := slices.Contains(textTypes, column.Type)
		switch {
		case row[i] == nil:
		case own && !column.Key && (p.isPersonal(column.Name) || text && p.isUndeclared(c.Relation.Name, column.Name)):
			row[i] = emptied(column.Type)
		default:
			row[i] = p.Edit(row[i])
		}
	}
	c.Row = row
	return true
}

func (p *People) isPersonal(column string) bool { return p.personal[strings.ToLower(column)] }

// isUndeclared says whether a column of a table has come by itself: the project's raw
// model does not name it.
func (p *People) isUndeclared(table, column string) bool {
	declared := p.Declared[table]
	return len(declared) > 0 && !slices.Contains(declared, column)
}

// emptied is a value that says nothing, as its type has it; NULL where that is no text.
func emptied(typ uint32) []byte {
	switch typ {
	case 25, 1042, 1043:
		return []byte{}
	case 114, 3802:
		return []byte("{}")
	}
	return nil
}

// editMessage does the same with a message of the topic of changes, as change_rejects
// keeps them.
func (p *People) editMessage(body []byte) []byte {
	b, err := change.Decode(body)
	if err != nil {
		return p.Edit(body)
	}
	var e change.Encoder
	for i := range b.Changes {
		p.EditChange(&b.Changes[i])
		e.Add(&b.Changes[i])
	}
	return e.Body()
}

// rawBase64 is the member that a rejected event is in whose bytes are no text.
var rawBase64 = []byte(`"raw_base64":"`)

// editRejected edits the line of a rejected event, and says whether it was theirs.
func (p *People) editRejected(line []byte) ([]byte, bool) {
	raw, start, end := decodedRaw(line)
	inRaw := raw != nil && p.Holds(raw)
	if !inRaw && !p.Holds(line) {
		return nil, false
	}
	out := p.Edit(line)
	if raw != nil {
		copy(out[start:end], base64.StdEncoding.EncodeToString(p.Edit(raw)))
	}
	return out, true
}

// decodedRaw are the bytes of a rejected event, and where their text is; nil for none.
func decodedRaw(line []byte) (raw []byte, start, end int) {
	at := bytes.LastIndex(line, rawBase64)
	if at < 0 {
		return nil, 0, 0
	}
	start = at + len(rawBase64)
	length := bytes.IndexByte(line[start:], '"')
	if length < 0 {
		return nil, 0, 0
	}
	raw, err := base64.StdEncoding.DecodeString(string(line[start : start+length]))
	if err != nil {
		return nil, 0, 0
	}
	return raw, start, start + length
}
