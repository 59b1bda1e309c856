package recommend

import (
	"context"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// Warehouse is what suggestions are read from.
type Warehouse interface {
	Query(ctx context.Context, sql string, opts ...warehouse.Option) (*warehouse.Rows, error)
}

// noStore is the id that stands for the whole platform.
const noStore = "00000000-0000-0000-0000-000000000000"

// each calls visit for every row of a query.
func each(ctx context.Context, w Warehouse, query string, visit func(*warehouse.Rows) error) error {
	rows, err := w.Query(ctx, query)
	if err != nil {
		return err
	}
	return rows.Each(visit)
}

func table(schema, name string) string {
	return warehouse.Ident(schema) + "." + warehouse.Ident(name)
}
