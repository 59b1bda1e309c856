package api

import (
	"fmt"
	"time"

	"github.com/tiendi/tiendi/internal/serve/auth"
)

// maxNamed bounds the stores that a page is told of by name.
const maxNamed = 1000

// me is what a page needs to know before it asks for anything.
type me struct {
	Subject  string       `json:"subject"`
	Platform bool         `json:"platform"`
	Stores   []namedStore `json:"stores"` // that the token shows, by name; 1,000 at most
	Currency string       `json:"currency"`
	TimeZone string       `json:"time_zone"`
	Live     bool         `json:"live"`
	Reports  bool         `json:"reports"`
	// Anomalies says whether somebody looks for them.
	Anomalies bool `json:"anomalies"`
	// LastDay is the last that is over, or the last with data where those end before it.
	LastDay string `json:"last_day"`
}

type namedStore struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// whoami answers GET /v1/me.
func (s *Server) whoami(c *call) error {
	m := me{
		Subject: c.who.Subject, Platform: c.who.May(auth.Platform), Stores: []namedStore{}, Currency: s.options.Currency,
		TimeZone: s.options.Metrics.TimeZone(), Live: s.options.Live != nil && c.who.May(auth.Live),
		Reports:   s.options.Reports != nil && c.who.May(auth.Reports),
		Anomalies: s.options.Anomalies != nil,
	}
	stores, err := c.stores(nil)
	if err != nil {
		return err
	}
	names, err := s.small(c, question{GroupBy: []string{"store", "store__name"}, OrderBy: []string{"store__name"}}, stores, maxNamed)
	if err != nil {
		return err
	}
	for _, row := range names {
		m.Stores = append(m.Stores, namedStore{ID: fmt.Sprint(row[0]), Name: fmt.Sprint(row[1])})
	}
	last, err := s.lastDay(c)
	if err != nil {
		return err
	}
	m.LastDay = last.Format(time.DateOnly)
	return c.answer(m)
}
