package clickhouse

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/ClickHouse/ch-go/proto"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// block is one INSERT: columns, which may be filled again after reset.
type block struct {
	table   string
	columns proto.Input
	buf     proto.Buffer
}

func (b *block) rows() int { return b.columns[0].Data.Rows() }

// insert sends all rows as one block, and does nothing without any. It returns
// once the server has stored them. After an error the columns may still be read.
func (b *block) insert(ctx context.Context, w Warehouse, database string, settings map[string]any) error {
	if b.rows() == 0 {
		return nil
	}
	b.buf.Reset()
	// Version 0 is the format as it stands in files and HTTP requests.
	if err := (proto.Block{Columns: len(b.columns), Rows: b.rows()}).EncodeRawBlock(&b.buf, 0, b.columns); err != nil {
		return fmt.Errorf("encode rows of %s: %w", b.table, err)
	}
	names := make([]string, len(b.columns))
	for i, c := range b.columns {
		names[i] = warehouse.Ident(c.Name)
	}
	sql := "INSERT INTO " + qualified(database, b.table) + " (" + strings.Join(names, ", ") + ") FORMAT Native"
	if _, err := w.InsertStream(ctx, sql, bytes.NewReader(b.buf.Buf), "", warehouse.WithSettings(settings)); err != nil {
		return fmt.Errorf("insert %d rows into %s: %w", b.rows(), b.table, err)
	}
	return nil
}

func qualified(database, table string) string {
	return warehouse.Ident(database) + "." + warehouse.Ident(table)
}

// category is a LowCardinality(String).
type category = proto.ColLowCardinality[string]

func newCategory() *category { return proto.NewLowCardinality[string](new(proto.ColStr)) }

// moments is a DateTime64(3, 'UTC').
type moments struct{ proto.ColDateTime64 }

func newMoments() *moments {
	var m moments
	m.WithPrecision(proto.PrecisionMilli).WithLocation(time.UTC)
	return &m
}

func (m *moments) add(t time.Time) { m.AppendRaw(proto.DateTime64(t.UnixMilli())) }

// money is a Decimal(18, 2), given in hundredths.
type money struct{ proto.ColDecimal64 }

func (*money) Type() proto.ColumnType { return "Decimal(18, 2)" }

func (m *money) add(hundredths int64) { m.Append(proto.Decimal64(hundredths)) }

// flags is a UInt8 that is 0 or 1.
type flags struct{ proto.ColUInt8 }

func (f *flags) add(set bool) {
	var v uint8
	if set {
		v = 1
	}
	f.Append(v)
}
