package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/report"
	"github.com/tiendi/tiendi/internal/semantic"
	"github.com/tiendi/tiendi/internal/serve/api"
)

// servedReports are those of `tiendi report`, for the API.
type servedReports struct {
	metrics          *semantic.Manifest
	schema, currency string
}

func (r servedReports) source(of api.ReportSubject) (report.Source, *report.Store) {
	source := report.Source{Warehouse: of.Rows, Platform: of.Platform, Metrics: r.metrics, Schema: r.schema}
	if of.StoreID == "" {
		return source, nil
	}
	return source, &report.Store{ID: of.StoreID, Name: of.StoreName}
}

// List implements api.Reports.
func (r servedReports) List(ctx context.Context, of api.ReportSubject) ([]api.ListedReport, error) {
	source, store := r.source(of)
	list, err := source.List(ctx, of.Today, store)
	if err != nil {
		return nil, unreported(err)
	}
	all := make([]api.ListedReport, len(list))
	for i, one := range list {
		all[i] = api.ListedReport{
			Kind: string(one.Kind), Date: one.Date.Format(time.DateOnly), Start: one.Start.Format(time.DateOnly), End: one.End.Format(time.DateOnly),
			Title: one.Title(report.Language(of.Language)),
		}
	}
	return all, nil
}

// Write implements api.Reports.
func (r servedReports) Write(ctx context.Context, of api.ReportSubject, kind string, date time.Time, format string) ([]byte, error) {
	if kind == string(report.Anomalies) || !slices.ContainsFunc(reportKinds, func(k reportKind) bool { return string(k.kind) == kind }) {
		return nil, fmt.Errorf("%w: %.20q", api.ErrNoReport, kind)
	}
	source, store := r.source(of)
	request := report.Request{Kind: report.Kind(kind), Date: date, Today: of.Today, Currency: r.currency}
	if store != nil {
		request.Stores = []report.Store{*store}
	}
	documents, err := report.Build(ctx, source, request)
	if err != nil {
		return nil, unreported(err)
	}
	var out bytes.Buffer
	err = report.Write(&console.Console{Out: &out}, format, documents[0], report.Language(of.Language))
	return out.Bytes(), err
}

// unreported tells the API that there are no data.
func unreported(err error) error {
	if errors.Is(err, report.ErrNoData) {
		return fmt.Errorf("%w: %w", api.ErrNoReport, err)
	}
	return err
}
