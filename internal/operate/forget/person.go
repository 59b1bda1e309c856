package forget

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// Kind is what a pseudonym stands for.
type Kind string

// The kinds.
const (
	User    Kind = "user"
	Session Kind = "session"
	Text    Kind = "text" // in lower case
)

// Pseudonym is what stands in a thing's place.
type Pseudonym struct {
	Request string
	Kind    Kind
	Old     string // an id in its canonical form, or a text
	New     string // an id; of a text nothing
}

// People are those who are to be forgotten.
type People struct {
	Known []Pseudonym
	// Declared are the columns that the project names of a table of the shop's, by the
	// table's name.
	Declared map[string][]string

	ids      map[uuid.UUID]uuid.UUID
	users    map[uuid.UUID]bool
	news     map[uuid.UUID]bool
	texts    [][]byte
	personal map[string]bool
}

// NewPeople takes what is known of them, and the names of what people say about
// themselves (see PersonalKeys).
func NewPeople(known []Pseudonym, personal []string) *People {
	p := &People{ids: map[uuid.UUID]uuid.UUID{}, users: map[uuid.UUID]bool{}, news: map[uuid.UUID]bool{}, personal: map[string]bool{}}
	for _, name := range personal {
		p.personal[name] = true
	}
	p.Add(known...)
	return p
}

// Add takes in more; what is known stays as it is. It gives those that are new.
func (p *People) Add(more ...Pseudonym) (added []Pseudonym) {
	for _, k := range more {
		if k.Kind == Text {
			k.Old = strings.ToLower(k.Old)
			text := []byte(k.Old)
			if !slices.ContainsFunc(p.texts, func(t []byte) bool { return bytes.Equal(t, text) }) {
				p.texts, added = append(p.texts, text), append(added, k)
			}
			continue
		}
		id, err := uuid.Parse(k.Old)
		if err != nil || id == uuid.Nil {
			continue // the zero id is nobody's
		}
		if _, known := p.ids[id]; known {
			continue
		}
		p.ids[id], added = uuid.MustParse(k.New), append(added, k)
		p.news[p.ids[id]] = true
		if k.Kind == User {
			p.users[id] = true
		}
	}
	p.Known = append(p.Known, added...)
	return added
}

// Has says whether an id is one of theirs.
func (p *People) Has(id uuid.UUID) bool { _, ok := p.ids[id]; return ok }

// IsUser says whether an id is that of one of them, and not of a session.
func (p *People) IsUser(id uuid.UUID) bool { return p.users[id] }

// IsPseudonym says whether an id stands for one of theirs.
func (p *People) IsPseudonym(id uuid.UUID) bool { return p.news[id] }

// inState says whether bytes hold one of their ids in its 16 bytes.
func (p *People) inState(state []byte) bool {
	if len(state) < 16 || len(p.ids) == 0 {
		return false
	}
	var id uuid.UUID
	for at := 0; at+len(id) <= len(state); at++ {
		copy(id[:], state[at:])
		if p.Has(id) {
			return true
		}
	}
	return false
}

// Remove takes out a session that is not theirs alone.
func (p *People) Remove(session uuid.UUID) {
	delete(p.ids, session)
	p.Known = slices.DeleteFunc(p.Known, func(k Pseudonym) bool { return k.Kind == Session && k.Old == session.String() })
}

// Holds says whether a text has one of their ids or texts in it.
func (p *People) Holds(text []byte) bool {
	found := false
	one := func(_ int, id uuid.UUID) bool {
		found = p.Has(id)
		return !found
	}
	if eachID(text, one); !found {
		eachPlainID(text, one)
	}
	return found || p.holdsText(text)
}

func (p *People) holdsText(text []byte) bool {
	if len(p.texts) == 0 {
		return false
	}
	lower := bytes.ToLower(text)
	for _, t := range p.texts {
		for _, form := range forms(t) {
			if bytes.Contains(lower, form) {
				return true
			}
		}
	}
	return false
}

// atSigns are the ways in which an @ is written: as it is, in addresses of pages, and in
// JSON of encoders that escape it.
var atSigns = []string{"@", "%40", `\u0040`}

// forms are the ways in which an e-mail address is written.
func forms(text []byte) (all [][]byte) {
	for _, sign := range atSigns {
		all = append(all, bytes.ReplaceAll(text, []byte("@"), []byte(sign)))
	}
	return all
}

// Edit gives a text of theirs without anything that says who they are: of the same
// length, and JSON where it was.
func (p *People) Edit(text []byte) []byte {
	out := bytes.Clone(text)
	eachID(text, func(at int, id uuid.UUID) bool {
		if to, ok := p.ids[id]; ok {
			copy(out[at:], to.String())
		}
		return true
	})
	eachPlainID(out, func(at int, id uuid.UUID) bool {
		if to, ok := p.ids[id]; ok {
			hex.Encode(out[at:], to[:])
		}
		return true
	})
	p.blotMembers(out, quote)
	blotAddresses(out)
	for _, t := range p.texts {
		for _, form := range forms(t) {
			blotText(out, form)
		}
	}
	return out
}

// blotText blots out all occurrences of a text in lower case.
func blotText(text, what []byte) {
	lower := bytes.ToLower(text)
	if len(lower) != len(text) {
		lower = asciiLower(text) // some letters have fewer bytes in lower case
	}
	for from := 0; ; {
		at := bytes.Index(lower[from:], what)
		if at < 0 {
			return
		}
		from += at
		length, _ := escape(text, from)
		blot(text[from+min(length, len(what)) : from+len(what)])
		from += len(what)
	}
}

func asciiLower(text []byte) []byte {
	out := bytes.Clone(text)
	for i, c := range out {
		if 'A' <= c && c <= 'Z' {
			out[i] = c + 'a' - 'A'
		}
	}
	return out
}
