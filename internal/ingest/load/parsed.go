package load

import (
	"encoding/binary"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/warehouse/native"
)

// zeros is the default of every column that is parsed.
var zeros [16]byte

// parsed says whether the column's values are read from their text and stored in
// so many bytes each as width says.
func (c Column) parsed() bool {
	return c.Kind == UUID || c.Kind == Time || c.Kind == Decimal || c.Kind == Int
}

func (c Column) width() int {
	switch {
	case c.Kind == UUID:
		return 16
	case c.Kind == Int || c.Kind == Decimal && c.Precision <= 9:
		return 4
	}
	return 8
}

// appendText stores a value that is parsed, given as text that is not empty.
func (c Column) appendText(dst, s []byte) ([]byte, string) {
	switch c.Kind {
	case UUID:
		id, err := event.ParseID(s)
		if err != nil {
			return dst, reasonUUID
		}
		return native.AppendUUID(dst, id[:]), ""
	case Time:
		millis, reason := parseTime(s)
		if reason != "" {
			return dst, reason
		}
		return binary.LittleEndian.AppendUint64(dst, uint64(millis)), ""
	}
	v, reason := parseDecimal(s, c.precision(), c.Scale)
	if reason != "" {
		return dst, reason
	}
	return c.appendNumber(dst, v)
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
	if c.width() == 8 {
		return binary.LittleEndian.AppendUint64(dst, uint64(v)), ""
	}
	if v != int64(int32(v)) {
		return dst, reasonRange
	}
	return binary.LittleEndian.AppendUint32(dst, uint32(int32(v))), ""
}
