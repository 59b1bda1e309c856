package load

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tiendi/tiendi/internal/jsonscan"
)

// maxDepth bounds how deep a JSON row may nest.
const maxDepth = 64

// jsonParser reads one JSON object a line. Values are slices of the line except
// for strings with escapes. It checks the whole line, skipped values included.
type jsonParser struct {
	jsonscan.Scanner
	members []member
	path    []string // of the object being read
	unknown string   // the first key that no column reads, of all lines
}

// parse fills r from a line without its newline.
func (p *jsonParser) parse(line []byte, r *row) problem {
	p.Scanner, p.path = jsonscan.Scanner{Raw: line, Scratch: p.Scratch[:0], Mend: true}, p.path[:0]
	control, high := jsonscan.Bytes(line)
	if high && !utf8.Valid(line) {
		return problem{reason: reasonUTF8}
	}
	p.Simple = !control && bytes.IndexByte(line, '\\') < 0
	p.Space()
	why := p.object(p.members, r, 1)
	if why.reason != "" {
		return why
	}
	p.Space()
	if p.Pos != len(line) {
		return p.malformed()
	}
	return problem{}
}

func (p *jsonParser) malformed() problem {
	return problem{reasonJSON, "byte " + strconv.Itoa(p.Pos+1)}
}

func (p *jsonParser) pointer(key string) string {
	return "/" + strings.Join(append(p.path[:len(p.path):len(p.path)], key), "/")
}

// object reads an object and stores the members that the table reads.
func (p *jsonParser) object(members []member, r *row, depth int) problem {
	if depth > maxDepth || !p.Take('{') {
		return p.malformed()
	}
	p.Space()
	if p.Take('}') {
		return problem{}
	}
	next := 0 // keys mostly come in the order of the table
	for {
		key, ok := p.Str()
		if !ok {
			return p.malformed()
		}
		p.Space()
		if !p.Take(':') {
			return p.malformed()
		}
		p.Space()
		why := problem{}
		if m := findMember(members, key, &next); m != nil {
			why = p.member(m, r, depth)
		} else {
			why = p.pass(key, depth)
		}
		if why.reason != "" {
			return why
		}
		p.Space()
		if p.Take('}') {
			return problem{}
		}
		if !p.Take(',') {
			return p.malformed()
		}
		p.Space()
	}
}

// pass skips the value of a key that no column reads.
func (p *jsonParser) pass(key []byte, depth int) problem {
	if len(p.path) == 0 && p.unknown == "" {
		p.unknown = string(key)
	}
	if _, ok := p.skip(depth); !ok {
		return p.malformed()
	}
	return problem{}
}

func (p *jsonParser) member(m *member, r *row, depth int) problem {
	start := p.Pos
	var kind valueKind
	var value []byte
	if len(m.children) > 0 && p.Pos < len(p.Raw) && p.Raw[p.Pos] == '{' {
		p.path = append(p.path, m.key)
		if why := p.object(m.children, r, depth+1); why.reason != "" {
			return why
		}
		p.path = p.path[:len(p.path)-1]
		kind, value = jsonObject, p.Raw[start:p.Pos]
	} else {
		var ok bool
		if kind, value, ok = p.value(depth); !ok {
			return p.malformed()
		}
	}
	if m.column < 0 {
		if kind != jsonObject && kind != null {
			return problem{reasonWant, p.pointer(m.key)}
		}
		return problem{}
	}
	if r.kinds[m.column] != absent {
		return problem{reasonDuplicate, p.pointer(m.key)}
	}
	r.set(m.column, kind, value)
	return problem{}
}

// value reads any value; a string without its quotes and escapes, null as
// nothing, everything else as it stands.
func (p *jsonParser) value(depth int) (valueKind, []byte, bool) {
	if p.Pos < len(p.Raw) && p.Raw[p.Pos] == '"' {
		s, ok := p.Str()
		return jsonString, s, ok
	}
	start := p.Pos
	kind, ok := p.skip(depth)
	if kind == null {
		return null, nil, ok
	}
	return kind, p.Raw[start:p.Pos], ok
}
