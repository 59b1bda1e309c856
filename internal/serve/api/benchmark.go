package api

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/tiendi/tiendi/internal/event"
)

const (
	// benchmarkMonths is how far back months can be asked for.
	benchmarkMonths = 12
	// benchmarkStores bounds the stores that are compared.
	benchmarkStores = 100_000
	// benchmarkSizes are how many groups of size there are.
	benchmarkSizes = 3
)

// benchmarkMetrics are what stores are compared by, where the project has them; the first
// two are a store's size, and whether it is active.
var benchmarkMetrics = []string{"gmv", "orders", "aov", "conversion_rate", "add_to_cart_rate", "cart_abandonment_rate", "bounce_rate"}

// benchmark is the answer of GET /v1/benchmark.
type benchmark struct {
	Store   event.ID   `json:"store"`
	Month   string     `json:"month"` // 2026-10
	Peers   string     `json:"peers"` // all, category or size
	Figures []standing `json:"figures"`
}

// benchmark answers GET /v1/benchmark. It alone reads the rows of all stores for a vendor,
// so it takes no filter and no dates but whole months: two answers differ in too much to
// tell one store from their difference.
func (s *Server) benchmark(c *call) error {
	store, month, peers, err := s.benchmarkOf(c)
	if err != nil {
		return err
	}
	d, err := s.tables.now(c.Context())
	if err != nil {
		return err
	}
	key := keyOf("benchmark", store.String(), month.Format(time.DateOnly), peers, strconv.Itoa(s.options.Cohort), s.definitions, d.version)
	return s.giveKept(c, key, mediaTypes["json"], func() ([]byte, error) {
		all, err := s.readStores(c, month, peers)
		if err != nil {
			return nil, err
		}
		return json.Marshal(benchmark{Store: store, Month: month.Format("2006-01"), Peers: peers, Figures: s.standings(all, store.String(), peers)})
	})
}

// benchmarkOf reads what is asked.
func (s *Server) benchmarkOf(c *call) (store event.ID, month time.Time, peers string, err error) {
	v, err := parameters(c.Request, []string{"store", "month", "peers"})
	if err != nil {
		return store, month, peers, err
	}
	if peers = cmp.Or(v.Get("peers"), "all"); peers != "all" && peers != "category" && peers != "size" {
		return store, month, peers, refuse(http.StatusBadRequest, "peers: want all, category or size")
	}
	if store, err = c.store(v.Get("store")); err != nil {
		return store, month, peers, err
	}
	if store == (event.ID{}) {
		return store, month, peers, refuse(http.StatusBadRequest, "say which store: ?store=…")
	}
	month, err = s.wholeMonth(c, v.Get("month"))
	return store, month, peers, err
}

// wholeMonth is the first day of a month that is over: the last one where none is named.
func (s *Server) wholeMonth(c *call, text string) (time.Time, error) {
	last, err := s.lastDay(c)
	if err != nil {
		return last, err
	}
	after := last.AddDate(0, 0, 1) // the first of a month, if the last day ends one
	newest := time.Date(after.Year(), after.Month()-1, 1, 0, 0, 0, 0, time.UTC)
	if text == "" {
		return newest, nil
	}
	month, err := time.Parse("2006-01", text)
	if err != nil {
		return month, refuse(http.StatusBadRequest, fmt.Sprintf("month: %.20q is none: want 2026-10", text))
	}
	if oldest := newest.AddDate(0, 1-benchmarkMonths, 0); month.After(newest) || month.Before(oldest) {
		return month, refuse(http.StatusBadRequest, "month: want one that is over, from "+oldest.Format("2006-01")+" to "+newest.Format("2006-01"))
	}
	return month, nil
}
