package native

import "net"

// Strings is a String.
type Strings struct {
	data []byte
	rows int
}

// Type implements Values.
func (*Strings) Type() string { return "String" }

// Rows implements Values.
func (s *Strings) Rows() int { return s.rows }

// Reset implements Values.
func (s *Strings) Reset() { s.data, s.rows = s.data[:0], 0 }

func (s *Strings) stored(pieces net.Buffers) net.Buffers { return append(pieces, s.data) }

// Append adds a value.
func (s *Strings) Append(v string) { s.data, s.rows = AppendString(s.data, v), s.rows+1 }

// AppendBytes adds a value.
func (s *Strings) AppendBytes(v []byte) { s.data, s.rows = AppendString(s.data, v), s.rows+1 }
