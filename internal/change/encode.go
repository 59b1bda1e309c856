package change

import "encoding/binary"

// format is the first byte of a message. A reader refuses any other.
const format = 1

// What the parts of a batch begin with.
const (
	partRelation byte = 'R'
	partChange   byte = 'C'
)

// Encoder writes a batch, change by change. A relation is written where the first
// change of it is. The zero Encoder is an empty batch.
type Encoder struct {
	body      []byte
	relations map[*Relation]int
	changes   int
	last      Change // for what the next one repeats
}

// Add appends a change. It keeps nothing of the row.
func (e *Encoder) Add(c *Change) {
	if e.relations == nil {
		e.relations = map[*Relation]int{}
	}
	if e.changes == 0 {
		e.body = append(e.body[:0], format)
		e.body = appendText(e.body, "")
	}
	number, known := e.relations[c.Relation]
	if !known {
		number = len(e.relations)
		e.relations[c.Relation] = number
		e.body = appendRelation(e.body, c.Relation)
	}
	e.changes++
	e.body = append(e.body, partChange, byte(c.Op))
	e.body = binary.AppendUvarint(e.body, uint64(number))
	e.body = binary.AppendVarint(e.body, int64(c.Version.LSN-e.last.Version.LSN))
	e.body = binary.AppendUvarint(e.body, c.Version.Sequence)
	e.body = binary.AppendVarint(e.body, c.Committed.UnixMicro()-e.at())
	e.last.Version, e.last.Committed = c.Version, c.Committed
	if c.Op == Truncate {
		return
	}
	for _, value := range c.Row {
		if value == nil {
			e.body = append(e.body, 0)
			continue
		}
		e.body = binary.AppendUvarint(e.body, uint64(len(value))+1)
		e.body = append(e.body, value...)
	}
}

func (e *Encoder) at() int64 {
	if e.changes == 1 {
		return 0
	}
	return e.last.Committed.UnixMicro()
}

// Len is how many changes there are; Bytes is what they take so far.
func (e *Encoder) Len() int { return e.changes }

// Bytes is how long the body is so far.
func (e *Encoder) Bytes() int { return len(e.body) }

// Body gives the message's body, which is the caller's, and begins another batch.
func (e *Encoder) Body() []byte {
	body := e.body
	*e = Encoder{body: make([]byte, 0, cap(body))}
	return body
}

// EndMark is the body of a message that ends a run.
func EndMark(run string) []byte {
	return appendText([]byte{format}, run)
}

func appendRelation(dst []byte, r *Relation) []byte {
	dst = appendText(append(dst, partRelation), r.Schema)
	dst = appendText(dst, r.Name)
	dst = binary.AppendUvarint(dst, uint64(len(r.Columns)))
	for _, c := range r.Columns {
		dst = appendText(dst, c.Name)
		dst = binary.AppendUvarint(dst, uint64(c.Type))
		key := byte(0)
		if c.Key {
			key = 1
		}
		dst = append(dst, key)
	}
	return dst
}

func appendText(dst []byte, text string) []byte {
	dst = binary.AppendUvarint(dst, uint64(len(text)))
	return append(dst, text...)
}
