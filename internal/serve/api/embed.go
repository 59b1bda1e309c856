package api

import (
	"net/http"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/serve/auth"
	"github.com/tiendi/tiendi/internal/serve/dashboard"
)

const (
	embedPath = "/embed"
	// embedRows bounds a ranking in a frame, and embedPoints a series.
	embedRows, embedPoints = 20, 1000
)

// embedPage answers GET /embed: the page of one chart, for frames in the pages that its
// token names. The token is in the address, since a frame has no other place for it.
func (s *Server) embedPage(c *call) error {
	e := c.who.Embed
	c.w.Header().Set("Cache-Control", "no-store")
	dashboard.Embed(c.w, dashboard.Look{Language: e.Language, Theme: e.Theme, Title: e.Title, Currency: s.options.Currency}, e.Ancestors)
	return nil
}

// embedded answers GET /v1/embed: the figures of the token's chart. Nothing of it can be
// asked otherwise.
func (s *Server) embedded(c *call) error {
	if c.URL.RawQuery != "" {
		return refuse(http.StatusBadRequest, "the chart is the token's: there are no parameters")
	}
	q, err := s.chartQuestion(c, c.who.Embed)
	if err != nil {
		return err
	}
	return s.give(c, q)
}

// chartQuestion is what a chart shows: a series in the order of time, or a ranking.
func (s *Server) chartQuestion(c *call, e *auth.Embed) (question, error) {
	q := question{Metrics: e.Metrics, GroupBy: e.GroupBy, Start: e.Start, End: e.End, Format: "json", Limit: min(embedPoints, s.limits.Rows)}
	for _, name := range e.GroupBy {
		if strings.HasPrefix(name, "metric_time") {
			q.OrderBy = append(q.OrderBy, name)
		}
	}
	if len(e.GroupBy) > 0 && len(q.OrderBy) == 0 {
		q.OrderBy, q.Limit = []string{"-" + e.Metrics[0]}, min(embedRows, s.limits.Rows)
	}
	if days := e.Days(); days > 0 {
		last, err := s.lastDay(c)
		if err != nil {
			return q, err
		}
		q.Start, q.End = last.AddDate(0, 0, 1-days).Format(time.DateOnly), last.AddDate(0, 0, 1).Format(time.DateOnly)
	}
	return q, nil
}
