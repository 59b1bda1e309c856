package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// subjectOf reads whom a request is about.
func (s *Server) subjectOf(c *call, v url.Values) (of ReportSubject, store event.ID, err error) {
	of.Language = cmp.Or(v.Get("language"), "es")
	if of.Language != "es" && of.Language != "en" {
		return of, store, refuse(http.StatusBadRequest, "language: want es or en")
	}
	if of.Today, err = s.today(); err != nil {
		return of, store, err
	}
	store, err = c.store(v.Get("store"))
	return of, store, err
}

// makeReport takes one place of the tenant's; each statement counts as a question.
func (s *Server) makeReport(c *call, of ReportSubject, store event.ID, d data, write func(context.Context, ReportSubject) ([]byte, error)) ([]byte, error) {
	var stores []event.ID
	if store != (event.ID{}) {
		stores = []event.ID{store}
		named, err := s.small(c, question{GroupBy: []string{"store", "store__name"}}, stores, 1)
		if err != nil {
			return nil, err
		}
		if len(named) == 0 {
			return nil, refuse(http.StatusNotFound, "there is no such store")
		}
		of.StoreID, of.StoreName = store.String(), fmt.Sprint(named[0][1])
	}
	ctx, done, err := s.tenants.query(c.Context(), c.tenant)
	if err != nil {
		return nil, err
	}
	defer done()
	of.Rows, of.Platform = fenced{s, c, s.fence(d, stores)}, fenced{s, c, s.fence(d, nil)}
	body, err := write(ctx, of)
	switch p := (*problem)(nil); {
	case errors.Is(err, ErrNoReport):
		return nil, failed(http.StatusNotFound, "there is no such report, or there are no data for it: GET /v1/reports lists them", err)
	case err != nil && !errors.As(err, &p):
		return nil, trouble(err)
	}
	return body, err
}

// fenced is the warehouse as a question of a tenant sees it.
type fenced struct {
	server *Server
	call   *call
	fence  warehouse.Option
}

// Query implements Warehouse.
func (f fenced) Query(ctx context.Context, sql string, opts ...warehouse.Option) (*warehouse.Rows, error) {
	if err := f.server.tenants.count(f.call.tenant); err != nil {
		return nil, err
	}
	return f.server.options.Warehouse.Query(ctx, sql, append(slices.Clone(opts), f.fence)...)
}
