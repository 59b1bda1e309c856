package load

import (
	"fmt"
	"math/big"
	"strconv"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"github.com/tiendi/tiendi/internal/event"
)

// textOf says how values of a Parquet column become the text that all formats
// share, or why they cannot be what the table's column is. Floating point is
// refused: money is never read from it.
func textOf(c Column, node parquet.Node) (func([]byte, parquet.Value) []byte, error) {
	kind, logical := node.Type().Kind(), logicalType(node)
	var text func([]byte, parquet.Value) []byte
	switch c.Kind {
	case UUID:
		text = uuidText(kind, node.Type().Length())
	case Time:
		text = timeText(kind, logical)
	case Decimal, Int:
		text = numberText(kind, logical)
	}
	if text == nil && kind == parquet.ByteArray && !isDecimal(logical) {
		text = func(dst []byte, v parquet.Value) []byte { return append(dst, v.ByteArray()...) }
	}
	if text == nil {
		return nil, fmt.Errorf("is %s in the file, which cannot be read as %s", node.Type(), c.Type())
	}
	return text, nil
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

func uuidText(kind parquet.Kind, length int) func([]byte, parquet.Value) []byte {
	if kind != parquet.FixedLenByteArray || length != 16 {
		return nil
	}
	return func(dst []byte, v parquet.Value) []byte {
		return event.AppendID(dst, event.ID(v.ByteArray()))
	}
}

func timeText(kind parquet.Kind, logical format.LogicalTypeValue) func([]byte, parquet.Value) []byte {
	switch l := logical.(type) {
	case *format.DateType:
		return func(dst []byte, v parquet.Value) []byte {
			return appendTime(dst, time.Unix(int64(v.Int32())*86_400, 0))
		}
	case *format.TimestampType:
		unit := int64(l.Unit.Value.Duration())
		perSecond := int64(time.Second) / unit
		return func(dst []byte, v parquet.Value) []byte {
			t := v.Int64()
			return appendTime(dst, time.Unix(t/perSecond, t%perSecond*unit))
		}
	}
	if kind != parquet.Int96 {
		return nil
	}
	// Nanoseconds of the day, then the Julian day, as Spark and Impala write it.
	return func(dst []byte, v parquet.Value) []byte {
		t := v.Int96()
		const unixEpoch = 2_440_588
		nanos := int64(t[1])<<32 | int64(t[0])
		return appendTime(dst, time.Unix((int64(t[2])-unixEpoch)*86_400, nanos))
	}
}

func appendTime(dst []byte, t time.Time) []byte {
	return t.UTC().AppendFormat(dst, "2006-01-02T15:04:05.000")
}

func numberText(kind parquet.Kind, logical format.LogicalTypeValue) func([]byte, parquet.Value) []byte {
	scale := 0
	if d, ok := logical.(*format.DecimalType); ok {
		scale = int(d.Scale)
	} else if kind == parquet.FixedLenByteArray || kind == parquet.ByteArray {
		return nil
	}
	switch kind {
	case parquet.Int32, parquet.Int64:
		unsigned := false
		if i, ok := logical.(*format.IntType); ok {
			unsigned = !i.IsSigned
		}
		return integerText(kind, unsigned, scale)
	case parquet.FixedLenByteArray, parquet.ByteArray:
		return func(dst []byte, v parquet.Value) []byte {
			return appendScaled(signed(v.ByteArray()).Append(dst, 10), scale)
		}
	}
	return nil
}

func integerText(kind parquet.Kind, unsigned bool, scale int) func([]byte, parquet.Value) []byte {
	return func(dst []byte, v parquet.Value) []byte {
		switch {
		case kind == parquet.Int32 && unsigned:
			dst = strconv.AppendUint(dst, uint64(v.Uint32()), 10)
		case kind == parquet.Int32:
			dst = strconv.AppendInt(dst, int64(v.Int32()), 10)
		case unsigned:
			dst = strconv.AppendUint(dst, v.Uint64(), 10)
		default:
			dst = strconv.AppendInt(dst, v.Int64(), 10)
		}
		return appendScaled(dst, scale)
	}
}

// appendScaled says by an exponent where the point is.
func appendScaled(dst []byte, scale int) []byte {
	if scale == 0 {
		return dst
	}
	return strconv.AppendInt(append(dst, 'e'), int64(-scale), 10)
}

// signed reads a big-endian number in two's complement.
func signed(b []byte) *big.Int {
	n := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return n
}
