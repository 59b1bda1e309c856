package load

import (
	"encoding/binary"
	"fmt"
	"math/big"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

// convertFunc appends a value as the table's column stores it, or says why it
// does not fit.
type convertFunc func(dst []byte, v parquet.Value) (stored []byte, reason string)

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
	return func(dst []byte, v parquet.Value) ([]byte, string) {
		return appendUUID(dst, v.ByteArray()), ""
	}
}

func convertTime(kind parquet.Kind, logical format.LogicalTypeValue) convertFunc {
	switch l := logical.(type) {
	case *format.DateType:
		return func(dst []byte, v parquet.Value) ([]byte, string) {
			return appendMillis(dst, int64(v.Int32())*86_400_000)
		}
	case *format.TimestampType:
		if l.Unit.Value.Duration() == time.Millisecond {
			return func(dst []byte, v parquet.Value) ([]byte, string) { return appendMillis(dst, v.Int64()) }
		}
		perMilli := int64(time.Millisecond / l.Unit.Value.Duration())
		return func(dst []byte, v parquet.Value) ([]byte, string) {
			return appendMillis(dst, floorDiv(v.Int64(), perMilli))
		}
	}
	if kind != parquet.Int96 {
		return nil
	}
	// Nanoseconds of the day, then the Julian day, as Spark and Impala write it.
	return func(dst []byte, v parquet.Value) ([]byte, string) {
		t := v.Int96()
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

// convertNumber reads whole numbers and decimals of any width.
func convertNumber(c Column, kind parquet.Kind, logical format.LogicalTypeValue) convertFunc {
	scale, unsigned := 0, false
	switch l := logical.(type) {
	case *format.DecimalType:
		scale = int(l.Scale)
	case *format.IntType:
		unsigned = !l.IsSigned
	}
	read := readNumber(kind, unsigned, isDecimal(logical))
	if read == nil {
		return nil
	}
	return func(dst []byte, v parquet.Value) ([]byte, string) {
		n, ok := read(v)
		if !ok {
			return dst, reasonRange
		}
		n.exponent -= scale
		value, reason := n.fixed(c.precision(), c.Scale)
		if reason != "" {
			return dst, reason
		}
		return c.appendNumber(dst, value)
	}
}

func readNumber(kind parquet.Kind, unsigned, decimal bool) func(parquet.Value) (scientific, bool) {
	switch {
	case kind == parquet.Int32 && unsigned:
		return func(v parquet.Value) (scientific, bool) { return scientific{mantissa: uint64(v.Uint32())}, true }
	case kind == parquet.Int32:
		return func(v parquet.Value) (scientific, bool) { return whole(int64(v.Int32())), true }
	case kind == parquet.Int64 && unsigned:
		return func(v parquet.Value) (scientific, bool) { return scientific{mantissa: v.Uint64()}, true }
	case kind == parquet.Int64:
		return func(v parquet.Value) (scientific, bool) { return whole(v.Int64()), true }
	case decimal && (kind == parquet.FixedLenByteArray || kind == parquet.ByteArray):
		return func(v parquet.Value) (scientific, bool) { return bigEndian(v.ByteArray()) }
	}
	return nil
}

func whole(n int64) scientific {
	if n < 0 {
		return scientific{mantissa: uint64(-n), negative: true}
	}
	return scientific{mantissa: uint64(n)}
}

// bigEndian reads a number in two's complement. What is wider than 64 bits goes
// by way of its digits, as only zeros at their end make it fit.
func bigEndian(b []byte) (scientific, bool) {
	if n, ok := narrow(b); ok {
		return whole(n), true
	}
	n := new(big.Int).SetBytes(b)
	if b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return splitDecimal(n.Append(nil, 10))
}

// narrow reads a number that fits into 64 bits.
func narrow(b []byte) (n int64, ok bool) {
	if len(b) > 0 && b[0]&0x80 != 0 {
		n = -1
	}
	sign := n
	for i, c := range b {
		if i < len(b)-8 && c != byte(sign) {
			return 0, false
		}
		n = n<<8 | int64(c)
	}
	return n, n>>63 == sign
}
