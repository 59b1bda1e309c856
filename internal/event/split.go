package event

import (
	"bytes"
	"strconv"
)

// splitter holds what is not yet cut.
type splitter struct {
	rest  []byte
	line  int
	count int
	most  Limits
	yield func(Part) bool
}

// blank takes blanks off, and counts lines.
func (s *splitter) blank() {
	for len(s.rest) > 0 {
		switch s.rest[0] {
		case '\n':
			s.line++
		case ' ', '\t', '\r':
		default:
			return
		}
		s.rest = s.rest[1:]
	}
}

// refuse makes a last part of all that is left.
func (s *splitter) refuse(reason Reason, detail string) bool {
	s.yield(Part{Index: s.count, Line: s.line, Raw: s.rest, Rejection: &Rejection{Reason: reason, Detail: detail}})
	return false
}

// emit takes the first n bytes off as an event, and gives false at the end.
func (s *splitter) emit(n int) bool {
	if s.count == s.most.Events {
		return s.refuse(TooLarge, "more than "+strconv.Itoa(s.most.Events)+" events")
	}
	raw := s.rest[:n:n]
	if !s.yield(Part{Index: s.count, Line: s.line, Raw: bytes.TrimRight(raw, " \t\r\n")}) {
		return false
	}
	s.count++
	s.line += bytes.Count(raw, []byte("\n"))
	s.rest = s.rest[n:]
	return true
}

func (s *splitter) lines() {
	for s.blank(); len(s.rest) > 0; s.blank() {
		end := bytes.IndexByte(s.rest, '\n')
		if end < 0 {
			end = len(s.rest)
		}
		if !s.emit(end) {
			return
		}
	}
}

func (s *splitter) array() {
	s.rest = s.rest[1:]
	s.blank()
	open := true
	if len(s.rest) > 0 && s.rest[0] == ']' {
		open, s.rest = false, s.rest[1:]
		s.blank()
	}
	for open {
		end := elementEnd(s.rest)
		if end < 0 {
			s.refuse(MalformedJSON, "the array is not closed")
			return
		}
		if !s.emit(end) {
			return
		}
		open, s.rest = s.rest[0] == ',', s.rest[1:]
		s.blank()
	}
	if len(s.rest) > 0 {
		s.refuse(MalformedJSON, "there is more behind the array")
	}
}
