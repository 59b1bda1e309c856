package load

import (
	"encoding/binary"
	"errors"
	"time"

	"github.com/google/uuid"
	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// batchSink inserts over the native protocol, by the driver's own columns. That
// needs no HTTP port, and more time than a stream.
type batchSink struct{ batch *warehouse.Batch }

func (s *batchSink) send(columns []*buffer, rows int) error {
	for i, c := range columns {
		if err := s.batch.AppendColumn(i, c.values(rows)); err != nil {
			return err
		}
	}
	return s.batch.Flush()
}

func (s *batchSink) close(cause error) error {
	if cause == nil {
		_, cause = s.batch.Send()
	}
	return errors.Join(cause, s.batch.Close())
}

// values are the first rows of the column as a slice that the driver takes.
func (b *buffer) values(rows int) any {
	switch b.Kind {
	case UUID:
		return nullable(b, fixed(b.data, 16, func(v []byte) (id uuid.UUID) {
			binary.BigEndian.PutUint64(id[:8], binary.LittleEndian.Uint64(v))
			binary.BigEndian.PutUint64(id[8:], binary.LittleEndian.Uint64(v[8:]))
			return id
		}))
	case Category:
		return b.categories()
	case Time:
		return nullable(b, fixed(b.data, 8, func(v []byte) time.Time {
			return time.UnixMilli(int64(binary.LittleEndian.Uint64(v))).UTC()
		}))
	case Decimal:
		return nullable(b, b.decimals())
	case Int:
		return nullable(b, fixed(b.data, 4, func(v []byte) int32 { return int32(binary.LittleEndian.Uint32(v)) }))
	case Flag:
		return b.data
	case Position:
		return fixed(b.data, 8, binary.LittleEndian.Uint64)
	}
	return nullable(b, texts(b.data, rows))
}

func (b *buffer) decimals() []decimal.Decimal {
	exponent := int32(-b.Scale)
	if b.Precision <= 9 {
		return fixed(b.data, 4, func(v []byte) decimal.Decimal {
			return decimal.New(int64(int32(binary.LittleEndian.Uint32(v))), exponent)
		})
	}
	return fixed(b.data, 8, func(v []byte) decimal.Decimal {
		return decimal.New(int64(binary.LittleEndian.Uint64(v)), exponent)
	})
}

func (b *buffer) categories() []string {
	dictionary := texts(b.data, len(b.entries))
	values := make([]string, len(b.places))
	for i, place := range b.places {
		values[i] = dictionary[place]
	}
	return values
}

// fixed reads values of so many bytes each.
func fixed[T any](data []byte, width int, read func([]byte) T) []T {
	values := make([]T, 0, len(data)/width)
	for ; len(data) >= width; data = data[width:] {
		values = append(values, read(data[:width]))
	}
	return values
}

// texts reads n strings, each after its length.
func texts(data []byte, n int) []string {
	values := make([]string, n)
	for i := range values {
		length, width := binary.Uvarint(data)
		end := width + int(length)
		values[i] = string(data[width:end])
		data = data[end:]
	}
	return values
}

// nullable turns the values of a Nullable column into pointers, nil for NULL.
func nullable[T any](b *buffer, values []T) any {
	if !b.Nullable {
		return values
	}
	pointers := make([]*T, len(values))
	for i := range values {
		if b.nulls[i] == 0 {
			pointers[i] = &values[i]
		}
	}
	return pointers
}
