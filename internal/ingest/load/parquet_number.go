package load

import (
	"math/big"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"
)

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
	return func(dst []byte, v *values, place int32) ([]byte, string) {
		n, ok := read(v, place)
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

func readNumber(kind parquet.Kind, unsigned, decimal bool) func(*values, int32) (scientific, bool) {
	switch {
	case kind == parquet.Int32 && unsigned:
		return func(v *values, place int32) (scientific, bool) {
			return scientific{mantissa: uint64(uint32(v.int32s[place]))}, true
		}
	case kind == parquet.Int32:
		return func(v *values, place int32) (scientific, bool) { return whole(int64(v.int32s[place])), true }
	case kind == parquet.Int64 && unsigned:
		return func(v *values, place int32) (scientific, bool) {
			return scientific{mantissa: uint64(v.int64s[place])}, true
		}
	case kind == parquet.Int64:
		return func(v *values, place int32) (scientific, bool) { return whole(v.int64s[place]), true }
	case decimal && (kind == parquet.FixedLenByteArray || kind == parquet.ByteArray):
		return func(v *values, place int32) (scientific, bool) { return bigEndian(v.at(place)) }
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
