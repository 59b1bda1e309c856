package native

import (
	"encoding/binary"
	"net"
	"time"
)

// fixed are values of one size, one after the other, little endian.
type fixed struct{ data []byte }

// Reset implements Values.
func (f *fixed) Reset() { f.data = f.data[:0] }

func (f *fixed) stored(pieces net.Buffers) net.Buffers { return append(pieces, f.data) }

func (f *fixed) append64(v uint64) { f.data = binary.LittleEndian.AppendUint64(f.data, v) }

// UUIDs is a UUID.
type UUIDs struct{ fixed }

// Type implements Values.
func (*UUIDs) Type() string { return "UUID" }

// Rows implements Values.
func (u *UUIDs) Rows() int { return len(u.data) / 16 }

// Append adds a value.
func (u *UUIDs) Append(id [16]byte) { u.data = AppendUUID(u.data, id[:]) }

// AppendUUID adds the 16 bytes of a UUID: two halves, each little endian.
func AppendUUID(dst, id []byte) []byte {
	dst = binary.LittleEndian.AppendUint64(dst, binary.BigEndian.Uint64(id[:8]))
	return binary.LittleEndian.AppendUint64(dst, binary.BigEndian.Uint64(id[8:]))
}

// UInt8s is a UInt8.
type UInt8s struct{ fixed }

// Type implements Values.
func (*UInt8s) Type() string { return "UInt8" }

// Rows implements Values.
func (u *UInt8s) Rows() int { return len(u.data) }

// Append adds a value.
func (u *UInt8s) Append(v uint8) { u.data = append(u.data, v) }

// AppendFlag adds 1 or 0.
func (u *UInt8s) AppendFlag(set bool) {
	v := uint8(0)
	if set {
		v = 1
	}
	u.Append(v)
}

// UInt32s is a UInt32.
type UInt32s struct{ fixed }

// Type implements Values.
func (*UInt32s) Type() string { return "UInt32" }

// Rows implements Values.
func (u *UInt32s) Rows() int { return len(u.data) / 4 }

// Append adds a value.
func (u *UInt32s) Append(v uint32) { u.data = binary.LittleEndian.AppendUint32(u.data, v) }

// UInt64s is a UInt64.
type UInt64s struct{ fixed }

// Type implements Values.
func (*UInt64s) Type() string { return "UInt64" }

// Rows implements Values.
func (u *UInt64s) Rows() int { return len(u.data) / 8 }

// Append adds a value.
func (u *UInt64s) Append(v uint64) { u.append64(v) }

// Times is a DateTime64(3, 'UTC').
type Times struct{ fixed }

// Type implements Values.
func (*Times) Type() string { return "DateTime64(3, 'UTC')" }

// Rows implements Values.
func (t *Times) Rows() int { return len(t.data) / 8 }

// Append adds a value, cut to milliseconds.
func (t *Times) Append(at time.Time) { t.append64(uint64(at.UnixMilli())) }

// Money is a Decimal(18, 2).
type Money struct{ fixed }

// Type implements Values.
func (*Money) Type() string { return "Decimal(18, 2)" }

// Rows implements Values.
func (m *Money) Rows() int { return len(m.data) / 8 }

// Append adds a value, given in hundredths.
func (m *Money) Append(hundredths int64) { m.append64(uint64(hundredths)) }
