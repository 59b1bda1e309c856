package native

import "encoding/binary"

// Sized is any type whose values all take equally many bytes, little endian: numbers,
// decimals, dates and times.
type Sized struct {
	fixed
	name string
	size int
}

// NewSized makes a column of a type, whose values take 1, 2, 4, 8, 16 or 32 bytes.
func NewSized(name string, size int) *Sized { return &Sized{name: name, size: size} }

// Type implements Values.
func (s *Sized) Type() string { return s.name }

// Rows implements Values.
func (s *Sized) Rows() int { return len(s.data) / s.size }

// Append adds a value of up to 8 bytes, of which the lower ones are taken.
func (s *Sized) Append(v uint64) {
	switch s.size {
	case 1:
		s.data = append(s.data, byte(v))
	case 2:
		s.data = binary.LittleEndian.AppendUint16(s.data, uint16(v))
	case 4:
		s.data = binary.LittleEndian.AppendUint32(s.data, uint32(v))
	default:
		s.append64(v)
	}
}

// AppendWords adds a value of any size; the lowest word comes first.
func (s *Sized) AppendWords(words [4]uint64) {
	if s.size <= 8 {
		s.Append(words[0])
		return
	}
	for _, w := range words[:s.size/8] {
		s.append64(w)
	}
}
