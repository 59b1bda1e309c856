package load

import "encoding/binary"

func (b *buffer) putNumber(s []byte) (reason string) {
	var v int64
	if len(s) > 0 {
		if v, reason = parseDecimal(s, b.precision(), b.Scale); reason != "" {
			return reason
		}
	}
	b.data, reason = b.appendNumber(b.data, v)
	return reason
}

// precision is how many digits a number may have.
func (c Column) precision() int {
	if c.Kind == Int {
		return 10
	}
	return c.Precision
}

// appendNumber stores a number of 10^-Scale.
func (c Column) appendNumber(dst []byte, v int64) ([]byte, string) {
	if c.Kind == Decimal && c.Precision > 9 {
		return binary.LittleEndian.AppendUint64(dst, uint64(v)), ""
	}
	if v != int64(int32(v)) {
		return dst, reasonRange
	}
	return binary.LittleEndian.AppendUint32(dst, uint32(int32(v))), ""
}
