package cdc

import (
	"bytes"
	"errors"
	"fmt"
)

// errCopy is a line that is not in COPY's text format.
var errCopy = errors.New("not a line of COPY's text format")

// splitLine appends the values of a line of COPY's text format, without its newline, to
// fields; nil is NULL. Values are parts of the line, in which escapes are resolved.
func splitLine(line []byte, fields [][]byte) ([][]byte, error) {
	if line == nil {
		line = []byte{} // an empty text, which is not NULL
	}
	plain := bytes.IndexByte(line, '\\') < 0
	for {
		field, rest, more := bytes.Cut(line, []byte{'\t'})
		if !plain {
			var err error
			if field, err = unescape(field); err != nil {
				return fields, err
			}
		}
		fields = append(fields, field)
		if !more {
			return fields, nil
		}
		line = rest
	}
}

// unescape resolves the escapes of a value in place. A tab in a value is always escaped.
func unescape(field []byte) ([]byte, error) {
	if string(field) == `\N` {
		return nil, nil
	}
	at := bytes.IndexByte(field, '\\')
	if at < 0 {
		return field, nil
	}
	out := field[:at]
	for rest := field[at:]; len(rest) > 0; {
		if rest[0] != '\\' {
			out, rest = append(out, rest[0]), rest[1:]
			continue
		}
		if len(rest) < 2 {
			return nil, fmt.Errorf("%w: it ends with a backslash", errCopy)
		}
		b, n := escaped(rest[1:])
		out, rest = append(out, b), rest[1+n:]
	}
	return out, nil
}

// escaped is the byte that stands after a backslash, and how long it is written.
func escaped(s []byte) (b byte, n int) {
	switch s[0] {
	case 'b':
		return '\b', 1
	case 'f':
		return '\f', 1
	case 'n':
		return '\n', 1
	case 'r':
		return '\r', 1
	case 't':
		return '\t', 1
	case 'v':
		return '\v', 1
	case 'x':
		return number(s, 1, 2, 16)
	case '0', '1', '2', '3', '4', '5', '6', '7':
		return number(s, 0, 3, 8)
	}
	return s[0], 1
}

// number reads up to so many digits from a place on; without any the byte stands for
// itself.
func number(s []byte, from, digits, base int) (b byte, n int) {
	n = from
	for n < len(s) && n < from+digits {
		d := digit(s[n])
		if d >= base {
			break
		}
		b, n = b*byte(base)+byte(d), n+1
	}
	if n == from {
		return s[0], 1
	}
	return b, n
}

func digit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return 99
}

// lines takes COPY's output in whatever pieces it comes.
type lines struct {
	each func(line []byte) error
	part []byte // the beginning of a line
}

// Write implements io.Writer.
func (l *lines) Write(p []byte) (int, error) {
	n := len(p)
	for {
		line, rest, whole := bytes.Cut(p, []byte{'\n'})
		switch {
		case !whole && len(l.part)+len(line) > maxLine:
			return 0, fmt.Errorf("a row is longer than %d bytes", maxLine)
		case !whole:
			l.part = append(l.part, line...)
			return n, nil
		case len(l.part) > 0:
			line = append(l.part, line...)
			l.part = l.part[:0]
		}
		if err := l.each(line); err != nil {
			return 0, err
		}
		p = rest
	}
}

// maxLine bounds a row of a snapshot: with escapes, one that no message takes.
const maxLine = 64 << 20
