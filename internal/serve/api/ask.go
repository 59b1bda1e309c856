package api

import (
	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/semantic"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// compile makes SQL of a question about these stores, nil for all.
func (s *Server) compile(q question, stores []event.ID, limit int) (semantic.Statement, error) {
	compiled, err := q.query(stores)
	if err != nil {
		return semantic.Statement{}, err
	}
	compiled.Limit = limit
	return s.options.Metrics.Compile(compiled)
}

// read asks the warehouse within the limits of the caller's tenant and behind its fence.
func (s *Server) read(c *call, d data, stores []event.ID, compile func() (semantic.Statement, error), use func([]semantic.Column, *warehouse.Rows) error) error {
	ctx, done, err := s.tenants.query(c.Context(), c.tenant)
	if err != nil {
		return err
	}
	defer done()
	statement, err := compile()
	if err != nil {
		return err
	}
	rows, err := s.options.Warehouse.Query(ctx, statement.SQL, s.fence(d, stores))
	if err != nil {
		return trouble(err)
	}
	defer func() { _ = rows.Close() }()
	return use(statement.Columns, rows)
}

// small asks the warehouse for a few rows of these stores, nil for all.
func (s *Server) small(c *call, q question, stores []event.ID, limit int) (all [][]any, err error) {
	d, err := s.tables.now(c.Context())
	if err != nil {
		return nil, err
	}
	compile := func() (semantic.Statement, error) { return s.compile(q, stores, limit) }
	err = s.read(c, d, stores, compile, func(_ []semantic.Column, rows *warehouse.Rows) error {
		for rows.Next() {
			values, err := rows.Values()
			if err != nil {
				return err
			}
			all = append(all, cells(values, rows.Columns()))
		}
		if err := rows.Err(); err != nil {
			return trouble(err)
		}
		return nil
	})
	return all, err
}
