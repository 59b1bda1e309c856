package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// Anomalies finds what was not as expected. It reads the rows of all stores: what a store's
// day is compared with is learnt from all of them together.
type Anomalies interface {
	// Last is the last day that is over, by the clock and by the data; ErrNoReport where
	// there are none. Today is at midnight UTC, in the platform's time zone.
	Last(ctx context.Context, rows Warehouse, today time.Time) (time.Time, error)
	// Search looks at so many days, of which that is the last.
	Search(ctx context.Context, rows Warehouse, today, last time.Time, days int) (Found, error)
	// Rules names what it finds depends on beside the data: by the same rules another server
	// finds the same.
	Rules() string
}

// Found is what a search found, on the platform and in every store.
type Found struct {
	Tested map[string]int `json:"tested"` // by store's id, "" for the platform
	Alerts []FoundAlert   `json:"alerts"` // the last day first, of each the platform's first, then what is rarest
}

// FoundAlert is a figure of a day that was not as expected.
type FoundAlert struct {
	Date     string              `json:"date"`
	StoreID  string              `json:"store_id"` // "" for the platform
	Store    string              `json:"store"`
	Metric   string              `json:"metric"`
	Unit     string              `json:"unit"`
	GoodDown bool                `json:"good_down"` // smaller is better
	Value    decimal.Decimal     `json:"value"`
	Expected decimal.Decimal     `json:"expected"`
	Low      decimal.Decimal     `json:"low"`
	High     decimal.Decimal     `json:"high"`
	Change   decimal.NullDecimal `json:"change"`
	Since    string              `json:"since"`
	Repeated bool                `json:"repeated"`
}

// searchedDays are how many days a search looks at. All that is told is found by one search
// of all stores, until the data change.
const searchedDays = 31

// searchFor bounds a search, which thousands of stores take longer than anybody waits: that
// one ends, and is there for who comes back.
const searchFor = 3 * time.Minute

// search is the search of the data's present state.
type search struct {
	start, end time.Time // end is not included
	today      time.Time
	key        string // of what it finds
}

// searches knows the present one.
type searches struct {
	tables *tables // that are searched

	mu      sync.Mutex
	version string // of the tables, and the day on which it was asked
	last    time.Time
}

// nextSearch says what is to be searched, which a question to the warehouse tells where the
// data have changed.
func (s *Server) nextSearch(c *call) (of search, err error) {
	if of.today, err = s.today(); err != nil {
		return of, err
	}
	d, err := s.searches.tables.now(c.Context())
	if err != nil {
		return of, err
	}
	version := d.version + " " + of.today.Format(time.DateOnly)
	s.searches.mu.Lock()
	last, known := s.searches.last, s.searches.version == version
	s.searches.mu.Unlock()
	if !known {
		if last, err = s.lastSearched(c, of.today); err != nil {
			return of, err
		}
		s.searches.mu.Lock()
		s.searches.version, s.searches.last = version, last
		s.searches.mu.Unlock()
	}
	of.start, of.end = last.AddDate(0, 0, 1-searchedDays), last.AddDate(0, 0, 1)
	of.key = keyOf("search", s.options.Anomalies.Rules(), version, of.end.Format(time.DateOnly))
	return of, nil
}

func (s *Server) lastSearched(c *call, today time.Time) (time.Time, error) {
	ctx, done, err := s.tenants.query(c.Context(), c.tenant)
	if err != nil {
		return time.Time{}, err
	}
	defer done()
	last, err := s.options.Anomalies.Last(ctx, s.allRows(), today)
	if errors.Is(err, ErrNoReport) {
		return last, failed(http.StatusNotFound, "there are no data to look at yet", err)
	}
	if warehouse.IsCode(err, warehouse.CodeUnknownTable) {
		return last, failed(http.StatusServiceUnavailable, "there is nothing to look at yet: tiendi build makes what anomalies are looked for in", err)
	}
	if err != nil {
		return last, trouble(err)
	}
	return last, nil
}

// allRows is the warehouse behind no store's fence, with the bounds of a question.
func (s *Server) allRows() Warehouse {
	return bounded{s.options.Warehouse, s.fence(data{}, nil)}
}

// found is what the search finds: kept, being found, or found now. It counts as one question
// of whoever asks, and goes on when he hangs up, since others may wait for it.
func (s *Server) found(c *call, of search) (*Found, error) {
	body := s.kept(c.Context(), of.key)
	if body == nil {
		ctx, done, err := s.tenants.query(c.Context(), c.tenant)
		if err != nil {
			return nil, err
		}
		defer done()
		result := s.flights.DoChan(of.key, func() (any, error) { return s.searchNow(context.WithoutCancel(c.Context()), of) })
		select {
		case r := <-result:
			if r.Err != nil {
				return nil, r.Err
			}
			body, _ = r.Val.([]byte)
		case <-ctx.Done():
			return nil, later(http.StatusServiceUnavailable, 10*time.Second, "the days are being looked at, which takes longer than an answer may")
		}
	}
	found := &Found{}
	return found, json.Unmarshal(body, found)
}

func (s *Server) searchNow(ctx context.Context, of search) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, searchFor)
	defer cancel()
	if body := s.kept(ctx, of.key); body != nil { // since this one asked
		return body, nil
	}
	began := s.options.Clock()
	found, err := s.options.Anomalies.Search(ctx, s.allRows(), of.today, of.end.AddDate(0, 0, -1), searchedDays)
	if err != nil {
		return nil, trouble(err)
	}
	s.options.Log.Info("searched for anomalies", "end", of.end.Format(time.DateOnly), "alerts", len(found.Alerts), "took", s.options.Clock().Sub(began))
	body, err := json.Marshal(found)
	if err != nil {
		return nil, err
	}
	s.keep(ctx, of.key, body)
	return body, nil
}
