package load

import (
	"encoding/json"
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
)

// sample is one value, as it stands in a JSON row and in a Parquet file.
type sample struct {
	json  string // as JSON, "" for a key that is left out
	value parquet.Value
}

// style is one way to store a column of the table in a Parquet file.
type style struct {
	node parquet.Node
	make func(rng *rand.Rand, bad bool) sample
}

// styles are the ways that a column of that kind can be stored.
func styles(c Column) []style {
	all := []style{{parquet.String(), func(rng *rand.Rand, bad bool) sample { return textSample(c, rng, bad) }}}
	switch c.Kind {
	case UUID:
		all = append(all, style{parquet.UUID(), func(rng *rand.Rand, _ bool) sample { return uuidSample(rng) }})
	case Time:
		all = append(all, timeStyles()...)
	case Decimal:
		all = append(all, decimalStyles(c.Scale)...)
	case Int:
		all = append(all, wholeStyles()...)
	}
	return all
}

func quoted(s string) string {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(text)
}

func textValue(s string) sample {
	return sample{quoted(s), parquet.ByteArrayValue([]byte(s))}
}

// textSample is a value as text, or one that does not fit.
func textSample(c Column, rng *rand.Rand, bad bool) sample {
	switch {
	case bad && rng.IntN(2) == 0:
		// Go's encoder would mend the text.
		return sample{"\"a\xff\"", parquet.ByteArrayValue([]byte("a\xff"))}
	case bad && c.parsed():
		return textValue("§ 12")
	}
	switch c.Kind {
	case UUID:
		return textValue(fmt.Sprintf("%08x-0000-4000-8000-%012d", rng.Uint32(), rng.IntN(1000)))
	case Time:
		return textValue(time.Unix(rng.Int64N(17e8)+86_400, 0).UTC().Format(time.RFC3339))
	case Decimal:
		return textValue(fmt.Sprintf("%d.%d", rng.IntN(900)-450, rng.IntN(100)))
	case Int:
		return textValue(fmt.Sprint(rng.IntN(200) - 100))
	case Object:
		return textValue(`{"note":"ñ` + strings.Repeat("x", rng.IntN(40)) + `"}`)
	}
	some := []string{"a", "ñandú", "\U0001f600 ", strings.Repeat("long ", 40), ""}
	if c.Required {
		some = some[:4]
	}
	return textValue(some[rng.IntN(len(some))])
}

func uuidSample(rng *rand.Rand) sample {
	id := make([]byte, 16)
	for i := range id {
		id[i] = byte(rng.IntN(256))
	}
	return sample{fmt.Sprintf(`"%x-%x-%x-%x-%x"`, id[:4], id[4:6], id[6:8], id[8:10], id[10:]), parquet.FixedLenByteArrayValue(id)}
}

// moment is a time that tables take, or one before 1970.
func moment(rng *rand.Rand, bad bool) time.Time {
	at := time.Unix(rng.Int64N(17e8)+2*86_400, rng.Int64N(1e9)).UTC()
	if bad {
		at = at.AddDate(-100, 0, 0)
	}
	return at
}

func timeStyles() (all []style) {
	as := func(node parquet.Node, value func(time.Time) parquet.Value, keep time.Duration) {
		all = append(all, style{node, func(rng *rand.Rand, bad bool) sample {
			at := moment(rng, bad).Truncate(keep)
			return sample{quoted(at.Format("2006-01-02T15:04:05.999999999Z")), value(at)}
		}})
	}
	as(parquet.Timestamp(parquet.Millisecond), func(t time.Time) parquet.Value { return parquet.Int64Value(t.UnixMilli()) }, time.Millisecond)
	as(parquet.Timestamp(parquet.Microsecond), func(t time.Time) parquet.Value { return parquet.Int64Value(t.UnixMicro()) }, time.Microsecond)
	as(parquet.Timestamp(parquet.Nanosecond), func(t time.Time) parquet.Value { return parquet.Int64Value(t.UnixNano()) }, 1)
	as(parquet.Date(), func(t time.Time) parquet.Value { return parquet.Int32Value(int32(floorDiv(t.Unix(), 86_400))) }, 24*time.Hour)
	as(parquet.Leaf(parquet.Int96Type), func(t time.Time) parquet.Value {
		day := floorDiv(t.Unix(), 86_400)
		nanos := uint64(t.UnixNano() - day*86_400*1e9)
		return parquet.Int96Value(deprecated.Int96{uint32(nanos), uint32(nanos >> 32), uint32(day + 2_440_588)})
	}, 1)
	return all
}

// decimalStyles are of decimals, one of which has more digits than the table.
func decimalStyles(scale int) (all []style) {
	as := func(finer, precision int, typ parquet.Type, value func(int64) parquet.Value) {
		scale, digits := scale+finer, int64(pow10[finer])
		all = append(all, style{parquet.Decimal(scale, precision, typ), func(rng *rand.Rand, bad bool) sample {
			n := (rng.Int64N(90_000) - 45_000) * digits
			if bad {
				n = 2_000_000_001 // out of range, or with a digit too many
			}
			exact := new(big.Rat).SetFrac(big.NewInt(n), new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil))
			return sample{exact.FloatString(scale), value(n)}
		}})
	}
	as(0, 9, parquet.Int32Type, func(n int64) parquet.Value { return parquet.Int32Value(int32(n)) })
	as(0, 18, parquet.Int64Type, parquet.Int64Value)
	as(3, 18, parquet.Int64Type, parquet.Int64Value)
	as(0, 18, parquet.FixedLenByteArrayType(9), func(n int64) parquet.Value { return parquet.FixedLenByteArrayValue(twos(n, 9)) })
	as(0, 36, parquet.FixedLenByteArrayType(16), func(n int64) parquet.Value { return parquet.FixedLenByteArrayValue(twos(n, 16)) })
	as(0, 18, parquet.ByteArrayType, func(n int64) parquet.Value { return parquet.ByteArrayValue(twos(n, 5)) })
	return all
}

// twos is n in two's complement, in so many bytes.
func twos(n int64, width int) []byte {
	b := make([]byte, width)
	for i := range b {
		b[width-1-i] = byte(n >> min(8*i, 63))
	}
	return b
}

func wholeStyles() (all []style) {
	as := func(node parquet.Node, lowest, highest int64, value func(int64) parquet.Value) {
		all = append(all, style{node, func(rng *rand.Rand, bad bool) sample {
			n := lowest + rng.Int64N(100-lowest)
			if bad {
				n = highest
			}
			return sample{fmt.Sprint(n), value(n)}
		}})
	}
	as(parquet.Int(32), -100, 1<<31-1, func(n int64) parquet.Value { return parquet.Int32Value(int32(n)) })
	as(parquet.Int(64), -100, 1<<40, parquet.Int64Value)
	as(parquet.Uint(32), 0, 1<<32-1, func(n int64) parquet.Value { return parquet.Int32Value(int32(uint32(n))) })
	as(parquet.Uint(64), 0, 1<<62, parquet.Int64Value)
	return all
}
