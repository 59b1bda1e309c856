package api

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// Reports makes the reports that people read.
type Reports interface {
	// List gives what can be read of a subject, in its language.
	List(ctx context.Context, of ReportSubject) ([]ListedReport, error)
	// Write writes a report in a format: html, markdown, csv or json.
	Write(ctx context.Context, of ReportSubject, kind string, date time.Time, format string) ([]byte, error)
}

// ErrNoReport says that there is no report of that kind, or no data for it.
var ErrNoReport = errors.New("there is no such report")

// ReportSubject is whom reports are about, who reads them, and what they are made from.
type ReportSubject struct {
	StoreID, StoreName string    // "" for the platform
	Today              time.Time // in the platform's time zone, at midnight UTC
	Language           string    // es or en
	Rows               Warehouse // gives the rows of the store alone, in whatever table
	Platform           Warehouse // gives those of all; it is for how far the data reach, and for nothing else
}

// ListedReport is one that can be read.
type ListedReport struct {
	Kind  string `json:"report"`
	Date  string `json:"date"` // a day of it, by which it is asked for
	Start string `json:"start"`
	End   string `json:"end"` // the day behind its last
	Title string `json:"title"`
}

// reportTypes are the media types of the formats.
var reportTypes = map[string]string{
	"html": "text/html; charset=utf-8", "markdown": "text/markdown; charset=utf-8", "csv": mediaTypes["csv"], "json": mediaTypes["json"],
}

// oldestReport bounds how far back reports can be asked for, in years.
const oldestReport = 10

// reports answers GET /v1/reports.
func (s *Server) reports(c *call) error {
	v, err := parameters(c.Request, []string{"store", "language"})
	if err != nil {
		return err
	}
	return s.ofReports(c, v, mediaTypes["json"], func(ctx context.Context, of ReportSubject) ([]byte, error) {
		list, err := s.options.Reports.List(ctx, of)
		if err != nil && !errors.Is(err, ErrNoReport) {
			return nil, err
		}
		return json.Marshal(map[string]any{"reports": append([]ListedReport{}, list...)})
	})
}

// report answers GET /v1/reports/{kind}.
func (s *Server) report(c *call) error {
	v, err := parameters(c.Request, []string{"store", "language", "format", "date"})
	if err != nil {
		return err
	}
	format := cmp.Or(v.Get("format"), "html")
	if reportTypes[format] == "" {
		return refuse(http.StatusBadRequest, "format: want html, markdown, csv or json")
	}
	date, err := day("date", v.Get("date"))
	if err != nil {
		return err
	}
	today, err := s.today()
	if err != nil {
		return err
	}
	if !date.IsZero() && (!date.Before(today) || date.Before(today.AddDate(-oldestReport, 0, 0))) {
		return refuse(http.StatusBadRequest, fmt.Sprintf("date: want a day that is over, of the last %d years", oldestReport))
	}
	return s.ofReports(c, v, reportTypes[format], func(ctx context.Context, of ReportSubject) ([]byte, error) {
		return s.options.Reports.Write(ctx, of, c.PathValue("kind"), date, format)
	})
}

// ofReports answers a request for reports: from what is kept, or by making it behind the
// store's fence.
func (s *Server) ofReports(c *call, v url.Values, media string, write func(context.Context, ReportSubject) ([]byte, error)) error {
	if s.options.Reports == nil {
		return refuse(http.StatusNotFound, "there are no reports here")
	}
	of, store, err := s.subjectOf(c, v)
	if err != nil {
		return err
	}
	d, err := s.tables.now(c.Context())
	if err != nil {
		return err
	}
	key := keyOf("reports", c.PathValue("kind"), v.Get("date"), v.Get("format"), of.Language, store.String(), of.Today.Format(time.DateOnly), s.definitions, d.version)
	return s.giveKept(c, key, media, func() ([]byte, error) { return s.makeReport(c, of, store, d, write) })
}
