package load

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"github.com/tiendi/tiendi/internal/warehouse/native"
)

// convertFunc appends a value as the table's column stores it, or says why it
// does not fit.
type convertFunc func(dst []byte, v *values, place int32) (stored []byte, reason string)

// convertOf says how values of a Parquet column become those of the table's: nil
// for text, which is read as in all formats. Types that cannot be read without
// loss are refused, floating point above all: money is never read from it.
func convertOf(c Column, node parquet.Node) (convertFunc, error) {
	kind, logical := node.Type().Kind(), logicalType(node)
	var convert convertFunc
	switch c.Kind {
	case UUID:
		convert = convertUUID(kind, node.Type().Length())
	case Time:
		convert = convertTime(kind, logical)
	case Decimal, Int:
		convert = convertNumber(c, kind, logical)
	}
	text := kind == parquet.ByteArray && !isDecimal(logical)
	if convert == nil && !text {
		return nil, fmt.Errorf("is %s in the file, which cannot be read as %s", node.Type(), c.Type())
	}
	return convert, nil
}

func logicalType(node parquet.Node) format.LogicalTypeValue {
	if l := node.Type().LogicalType(); l != nil {
		return l.Value
	}
	return nil
}

func isDecimal(l format.LogicalTypeValue) bool {
	_, ok := l.(*format.DecimalType)
	return ok
}

func convertUUID(kind parquet.Kind, length int) convertFunc {
	if kind != parquet.FixedLenByteArray || length != 16 {
		return nil
	}
	return func(dst []byte, v *values, place int32) ([]byte, string) {
		return native.AppendUUID(dst, v.at(place)), ""
	}
}

func convertTime(kind parquet.Kind, logical format.LogicalTypeValue) convertFunc {
	switch l := logical.(type) {
	case *format.DateType:
		return func(dst []byte, v *values, place int32) ([]byte, string) {
			return appendMillis(dst, int64(v.int32s[place])*86_400_000)
		}
	case *format.TimestampType:
		if l.Unit.Value.Duration() == time.Millisecond {
			return func(dst []byte, v *values, place int32) ([]byte, string) { return appendMillis(dst, v.int64s[place]) }
		}
		perMilli := int64(time.Millisecond / l.Unit.Value.Duration())
		return func(dst []byte, v *values, place int32) ([]byte, string) {
			return appendMillis(dst, floorDiv(v.int64s[place], perMilli))
		}
	}
	if kind != parquet.Int96 {
		return nil
	}
	// Nanoseconds of the day, then the Julian day, as Spark and Impala write it.
	return func(dst []byte, v *values, place int32) ([]byte, string) {
		t := v.int96s[place]
		const unixEpoch = 2_440_588
		nanos := int64(t[1])<<32 | int64(t[0])
		return appendMillis(dst, (int64(t[2])-unixEpoch)*86_400_000+floorDiv(nanos, int64(time.Millisecond)))
	}
}

// floorDiv rounds down, also before 1970.
func floorDiv(a, b int64) int64 {
	if q := a / b; a%b >= 0 {
		return q
	} else {
		return q - 1
	}
}

func appendMillis(dst []byte, millis int64) ([]byte, string) {
	if millis < minMillis || millis > maxMillis {
		return dst, reasonYear
	}
	return binary.LittleEndian.AppendUint64(dst, uint64(millis)), ""
}
