package load

import (
	"bytes"
	"unicode/utf8"

	"github.com/tiendi/tiendi/internal/jsonscan"
)

// csvParser reads records of RFC 4180: fields apart by commas, quoted where they
// hold commas, quotes or newlines, quotes doubled inside.
type csvParser struct {
	columns []int // of each field of the header: the table's column, or -1
	scratch []byte
}

// parse fills r from one record without its newline.
func (p *csvParser) parse(record []byte, r *row) problem {
	if _, high := jsonscan.Bytes(record); high && !utf8.Valid(record) {
		return problem{reason: reasonUTF8}
	}
	p.scratch = p.scratch[:0]
	rest, more, n := record, true, 0
	for ; more; n++ {
		var field []byte
		var ok bool
		if field, rest, more, ok = p.field(rest); !ok {
			return problem{reason: reasonQuote}
		}
		if n < len(p.columns) && p.columns[n] >= 0 {
			r.set(p.columns[n], plain, field)
		}
	}
	if n != len(p.columns) {
		return problem{reason: reasonColumns}
	}
	return problem{}
}

// field takes the first field off s; more says that a comma followed it.
func (p *csvParser) field(s []byte) (field, rest []byte, more, ok bool) {
	if len(s) > 0 && s[0] == '"' {
		return p.quoted(s[1:])
	}
	for i, c := range s {
		if c == ',' {
			return s[:i], s[i+1:], true, true
		}
	}
	return s, nil, false, true
}

func (p *csvParser) quoted(s []byte) (field, rest []byte, more, ok bool) {
	end := bytes.IndexByte(s, '"')
	if end < 0 {
		return nil, nil, false, false
	}
	field = s[:end]
	if end+1 < len(s) && s[end+1] == '"' {
		from := len(p.scratch)
		for end >= 0 && end+1 < len(s) && s[end+1] == '"' {
			p.scratch = append(p.scratch, s[:end+1]...)
			s = s[end+2:]
			end = bytes.IndexByte(s, '"')
		}
		if end < 0 {
			return nil, nil, false, false
		}
		p.scratch = append(p.scratch, s[:end]...)
		field = p.scratch[from:]
	}
	s = s[end+1:]
	if len(s) == 0 {
		return field, nil, false, true
	}
	return field, s[1:], true, s[0] == ','
}

// recordEnd is the length of the first CSV record with its newline, -1 when it
// does not end in s.
func recordEnd(s []byte) int {
	end := bytes.IndexByte(s, '\n')
	if end < 0 {
		return -1
	}
	if bytes.IndexByte(s[:end], '"') < 0 {
		return end + 1
	}
	for at := 0; ; {
		if s[at] == '"' {
			n := quotedEnd(s[at+1:])
			if n < 0 {
				return -1
			}
			at += 1 + n
		}
		n := bytes.IndexAny(s[at:], ",\n")
		if n < 0 {
			return -1
		}
		at += n + 1
		if s[at-1] == '\n' {
			return at
		}
		if at == len(s) {
			return -1
		}
	}
}

// quotedEnd is the length of a quoted field's rest, closing quote included.
func quotedEnd(s []byte) int {
	for at := 0; ; {
		n := bytes.IndexByte(s[at:], '"')
		if n < 0 {
			return -1
		}
		at += n + 1
		if at == len(s) || s[at] != '"' {
			return at
		}
		at++
	}
}
