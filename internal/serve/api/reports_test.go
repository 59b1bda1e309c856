package api

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/report"
	"github.com/tiendi/tiendi/internal/semantic"
	"github.com/tiendi/tiendi/internal/serve/auth"
)

// siteReports are the reports that the metrics of the test's shop are enough for.
type siteReports struct {
	metrics *semantic.Manifest
	schema  string
}

func (r siteReports) source(of ReportSubject) (report.Source, []report.Store) {
	s := report.Source{Warehouse: of.Rows, Platform: of.Platform, Metrics: r.metrics, Schema: r.schema}
	if of.StoreID == "" {
		return s, nil
	}
	return s, []report.Store{{ID: of.StoreID, Name: of.StoreName}}
}

func (r siteReports) List(ctx context.Context, of ReportSubject) (all []ListedReport, err error) {
	source, stores := r.source(of)
	var store *report.Store
	if stores != nil {
		store = &stores[0]
	}
	list, err := source.List(ctx, of.Today, store)
	for _, one := range list {
		day := func(d time.Time) string { return d.Format(time.DateOnly) }
		all = append(all, ListedReport{string(one.Kind), day(one.Date), day(one.Start), day(one.End), one.Title(report.Language(of.Language))})
	}
	return all, missingReport(err)
}

func (r siteReports) Write(ctx context.Context, of ReportSubject, kind string, date time.Time, format string) ([]byte, error) {
	if kind != string(report.Funnel) {
		return nil, ErrNoReport
	}
	source, stores := r.source(of)
	list, err := report.Build(ctx, source, report.Request{Kind: report.Funnel, Date: date, Today: of.Today, Stores: stores, Currency: "USD"})
	if err != nil {
		return nil, missingReport(err)
	}
	var out bytes.Buffer
	err = report.Write(&console.Console{Out: &out}, format, list[0], report.Language(of.Language))
	return out.Bytes(), err
}

func missingReport(err error) error {
	if errors.Is(err, report.ErrNoData) {
		return fmt.Errorf("%w: %w", ErrNoReport, err)
	}
	return err
}

func (s *site) reader(t testing.TB, stores ...string) string {
	t.Helper()
	return s.sign(t, auth.Principal{Subject: "ana", Scopes: []auth.Scope{auth.Reports}, Expires: s.now.Load().Add(time.Hour)}, stores)
}

func TestReports(t *testing.T) {
	s := newSite(t, nil)
	a, all := s.reader(t, storeA), s.reader(t)
	for path, want := range map[string]struct {
		token  string
		status int
		parts  []string
	}{
		"/v1/reports":             {a, 200, []string{`{"report":"daily","date":"2026-11-07","start":"2026-11-07","end":"2026-11-08","title":"sábado, 7 de noviembre de 2026"}`, `"funnel"`}},
		"/v1/reports?language=en": {all, 200, []string{`"title":"Sunday, November 1, 2026"`}},
		"/v1/reports/funnel":      {a, 200, []string{"<!DOCTYPE html>", "Ana", `>40<`, "Compra"}},
		"/v1/reports/funnel?format=json&language=en&date=2026-11-06":    {a, 200, []string{`"store": "Ana"`, `"end": "2026-11-07"`, `"sessions": 10`}},
		"/v1/reports/funnel?format=markdown&language=en":                {a, 200, []string{"# Funnel", "Ana"}},
		"/v1/reports/funnel?format=csv&store=" + storeB:                 {all, 200, []string{"visit,8888"}},
		"/v1/reports/funnel?format=csv":                                 {all, 200, []string{"visit,8928"}},
		"/v1/reports/monthly":                                           {a, 404, nil},
		"/v1/reports/funnel?store=" + storeB:                            {a, 403, nil},
		"/v1/reports/funnel?store=cccccccc-0000-4000-8000-000000000003": {all, 404, []string{"no such store"}},
		"/v1/reports/funnel?date=2026-11-20":                            {a, 400, []string{"over"}},
		"/v1/reports/funnel?date=1999-01-01":                            {a, 400, nil},
		"/v1/reports/funnel?language=fr":                                {a, 400, nil},
		"/v1/reports/funnel?format=pdf":                                 {a, 400, nil},
		"/v1/reports/funnel?where=1":                                    {a, 400, []string{"no parameter where"}},
		"/v1/reports?date=2026-11-01":                                   {a, 400, []string{"no parameter date"}},
		"/v1/query?metrics=gmv":                                         {a, 403, []string{"scope"}},
	} {
		r := s.get(t, want.token, path)
		if r.status != want.status {
			t.Errorf("%s: %d %.300s", path, r.status, r.text)
		}
		for _, part := range want.parts {
			if !strings.Contains(r.text, part) {
				t.Errorf("%s: no %s in %.900s", path, part, r.text)
			}
		}
		if want.token == a && r.leak(path) != "" {
			t.Errorf("%s tells %q", path, r.leak(path))
		}
	}
	if r := s.get(t, s.token(t, storeA), "/v1/reports"); r.status != http.StatusForbidden {
		t.Errorf("without the scope: %d", r.status)
	}
}

// TestReportsAreKept: a report is made once for those who see the same, until the data change.
func TestReportsAreKept(t *testing.T) {
	s := newSite(t, nil)
	a := s.reader(t, storeA)
	const path = "/v1/reports/funnel?format=csv"
	first := s.get(t, a, path)
	if r := s.get(t, a, path, "If-None-Match: "+first.header.Get("ETag")); r.status != http.StatusNotModified {
		t.Errorf("the same again: %d", r.status)
	}
	if r := s.get(t, a, path); r.text != first.text || !strings.Contains(s.log.String(), "cached=true") {
		t.Errorf("not kept: %s", r.text)
	}
	if r := s.get(t, s.reader(t, storeB), path); r.text == first.text || !strings.Contains(r.text, "8888") {
		t.Errorf("B reads %s", r.text)
	}
	s.exec(t, "INSERT INTO funnel_mart VALUES ('"+storeA+"', '2026-11-06', 1, 'visit', 'google', 'mobile', 2)")
	s.later(2 * dataFor)
	if r := s.get(t, a, path); !strings.Contains(r.text, "visit,42") {
		t.Errorf("after an insert: %s", r.text)
	}
}

// TestReportsCount: what a report asks the warehouse is the tenant's quota.
func TestReportsCount(t *testing.T) {
	s := newSite(t, func(o *Options) { o.Limits.Queries = 4 })
	if r := s.get(t, s.reader(t, storeA), "/v1/reports/funnel"); r.status != http.StatusTooManyRequests || r.header.Get("Retry-After") == "" {
		t.Errorf("%d %s", r.status, r.text)
	}
}

// TestUnknownPaths: what there is not, below /v1/, is told as every other error.
func TestUnknownPaths(t *testing.T) {
	s := newSite(t, nil)
	for _, c := range []struct {
		method, path string
		status       int
		allow        string
	}{
		{http.MethodGet, "/v1/nothing", 404, ""}, {http.MethodPost, "/v1/", 404, ""}, {http.MethodGet, "/v1/query/x", 404, ""},
		{http.MethodDelete, "/v1/query", 405, "GET, POST"}, {http.MethodPut, "/v1/me", 405, "GET"}, {http.MethodPost, "/v1/reports/daily", 405, "GET"},
	} {
		r := s.do(t, c.method, "", c.path, "")
		var p problem
		if err := json.Unmarshal([]byte(r.text), &p); err != nil || r.status != c.status || p.Status != c.status || p.Request == "" ||
			r.header.Get("Content-Type") != "application/problem+json" || r.header.Get("Allow") != c.allow {
			t.Errorf("%s %s: %d %v %s", c.method, c.path, r.status, r.header, r.text)
		}
	}
	if r := s.do(t, http.MethodPost, "", "/", "x"); r.status != http.StatusMethodNotAllowed {
		t.Errorf("POST /: %d", r.status)
	}
}
