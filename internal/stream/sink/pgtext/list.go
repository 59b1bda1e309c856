package pgtext

import (
	"bytes"
	"errors"

	"github.com/tiendi/tiendi/internal/warehouse/native"
)

func newList(inner string) (*Column, error) {
	of, err := NewColumn(inner)
	if err != nil {
		return nil, err
	}
	v := native.NewLists(of.Growing)
	_, nests := of.Growing.(*native.Lists)
	l := &list{of: of, nests: nests}
	return &Column{Growing: v, blank: v.Close, parse: func(text []byte) error {
		begin := of.End()
		if err := l.read(text); err != nil {
			of.Cut(begin)
			return err
		}
		v.Close()
		return nil
	}}, nil
}

// list reads arrays.
type list struct {
	of      *Column
	nests   bool   // it is of arrays
	element []byte // the one that is being read
}

var errArray = errors.New("it is no array as PostgreSQL writes it")

// read adds the elements of an array.
func (l *list) read(text []byte) error {
	switch {
	case len(text) > 0 && text[0] == '[':
		return errors.New("it is an array whose indexes do not begin at 1, which the column cannot say")
	case len(text) < 2 || text[0] != '{' || text[len(text)-1] != '}':
		return errArray
	}
	for rest := text[1 : len(text)-1]; len(rest) > 0; {
		var quoted bool
		var err error
		if rest, quoted, err = l.next(rest); err != nil {
			return err
		}
		if err := l.add(quoted); err != nil {
			return err
		}
		if len(rest) == 0 {
			return nil
		}
		if rest = rest[1:]; len(rest) == 0 {
			return errArray // a comma, and nothing behind it
		}
	}
	return nil
}

func (l *list) add(quoted bool) error {
	if !quoted && bytes.EqualFold(l.element, []byte("NULL")) {
		if l.of.nulls == nil {
			return errors.New("it has a NULL, which its elements cannot be")
		}
		l.of.Blank()
		return nil
	}
	return l.of.Append(l.element)
}

// next reads an element, up to the comma behind it or to the end.
func (l *list) next(text []byte) (rest []byte, quoted bool, err error) {
	l.element = l.element[:0]
	switch text[0] {
	case '"':
		return l.quoted(text[1:])
	case '{':
		if !l.nests {
			return nil, false, errors.New("it is an array of more dimensions than the column")
		}
		return l.nested(text)
	}
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case ',':
			return text[i:], false, l.some()
		case '"', '{', '}':
			return nil, false, errArray
		case '\\':
			if i++; i == len(text) {
				return nil, false, errArray
			}
		}
		l.element = append(l.element, text[i])
	}
	return nil, false, l.some()
}

// some is an error where an element without quotes is empty.
func (l *list) some() error {
	if len(l.element) == 0 {
		return errArray
	}
	return nil
}

func (l *list) quoted(text []byte) (rest []byte, quoted bool, err error) {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			if rest = text[i+1:]; len(rest) > 0 && rest[0] != ',' {
				return nil, true, errArray
			}
			return rest, true, nil
		case '\\':
			if i++; i == len(text) {
				return nil, true, errArray
			}
		}
		l.element = append(l.element, text[i])
	}
	return nil, true, errArray
}

// nested takes an array in an array as it stands.
func (l *list) nested(text []byte) (rest []byte, quoted bool, err error) {
	depth, inQuotes := 0, false
	for i := 0; i < len(text); i++ {
		switch b := text[i]; {
		case b == '\\':
			i++
		case b == '"':
			inQuotes = !inQuotes
		case inQuotes:
		case b == '{':
			depth++
		case b == '}':
			depth--
		}
		if depth == 0 {
			l.element = append(l.element, text[:min(i+1, len(text))]...)
			rest = text[i+1:]
			if len(rest) > 0 && rest[0] != ',' {
				return nil, true, errArray
			}
			return rest, true, nil
		}
	}
	return nil, true, errArray
}
