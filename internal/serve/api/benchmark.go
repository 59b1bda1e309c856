package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/serve/cohort"
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

// standing is a figure of the store among its peers'; what is null is not told.
type standing struct {
	Metric     string `json:"metric"`
	Unit       string `json:"unit,omitempty"`
	Own        any    `json:"own"`
	Stores     int    `json:"stores"` // at least so many peers; 0 where they are too few
	Lower      any    `json:"lower"`
	Median     any    `json:"median"`
	Upper      any    `json:"upper"`
	Percentile *int   `json:"percentile"`
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
	sum := sha256.Sum256(fmt.Appendf(nil, "benchmark\n%s\n%s\n%s\n%d\n%s\n%s", store, month, peers, s.options.Cohort, s.definitions, d.version))
	key := hex.EncodeToString(sum[:20])
	c.w.Header().Set("Cache-Control", "private, no-cache")
	c.w.Header().Add("Vary", "Authorization")
	if c.has(key) {
		return nil
	}
	body := s.kept(c.Context(), key)
	c.note("cached", body != nil)
	if body == nil {
		all, err := s.readStores(c, month, peers)
		if err != nil {
			return err
		}
		b := benchmark{Store: store, Month: month.Format("2006-01"), Peers: peers, Figures: s.standings(all, store.String(), peers)}
		if body, err = json.Marshal(b); err != nil {
			return err
		}
		s.keep(c.Context(), key, body)
	}
	return c.send("application/json", body)
}

// benchmarkOf reads what is asked.
func (s *Server) benchmarkOf(c *call) (store event.ID, month time.Time, peers string, err error) {
	peers = "all"
	parameters := c.URL.Query()
	for name, values := range parameters {
		switch {
		case len(values) > 1:
			err = fmt.Errorf("%s is given %d times", name, len(values))
		case name == "peers":
			if peers = values[0]; peers != "all" && peers != "category" && peers != "size" {
				err = errors.New("peers: want all, category or size")
			}
		case name != "store" && name != "month":
			err = fmt.Errorf("there is no parameter %s: see /openapi.json", name)
		}
		if err != nil {
			return store, month, peers, refuse(http.StatusBadRequest, err.Error())
		}
	}
	if store, err = storeOf(c); err != nil {
		return store, month, peers, err
	}
	if store == (event.ID{}) {
		return store, month, peers, refuse(http.StatusBadRequest, "say which store: ?store=…")
	}
	month, err = s.wholeMonth(c, parameters.Get("month"))
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

// storeMonth is what a store did in a month; a metric that has no value is not in it.
type storeMonth struct {
	values map[string]any
	group  string // what its peers share
}

func (m storeMonth) number(metric string) (float64, bool) { return numberOf(m.values[metric]) }

// numberOf is a value of an answer as a number, if it has one.
func numberOf(v any) (float64, bool) {
	if v == nil {
		return 0, false
	}
	f, err := strconv.ParseFloat(fmt.Sprint(v), 64)
	return f, err == nil
}

// readStores reads the month of every store that is active in it.
func (s *Server) readStores(c *call, month time.Time, peers string) (map[string]storeMonth, error) {
	q := question{GroupBy: []string{"store"}, Start: month.Format(time.DateOnly), End: month.AddDate(0, 1, 0).Format(time.DateOnly)}
	for _, name := range benchmarkMetrics {
		if s.options.Metrics.Metric(name) != nil {
			q.Metrics = append(q.Metrics, name)
		}
	}
	rows, err := s.small(c, q, nil, benchmarkStores)
	if err != nil {
		return nil, err
	}
	all := map[string]storeMonth{}
	for _, row := range rows {
		m := storeMonth{values: map[string]any{}}
		for i, name := range q.Metrics {
			m.values[name] = row[1+i]
		}
		if orders, ok := m.number("orders"); ok && orders > 0 {
			all[fmt.Sprint(row[0])] = m
		}
	}
	switch peers {
	case "category":
		q.Metrics, q.GroupBy = q.Metrics[:1], []string{"store", s.options.Category}
		if rows, err = s.small(c, q, nil, 20*benchmarkStores); err == nil {
			groupByCategory(all, rows)
		}
	case "size":
		groupBySize(all)
	}
	return all, err
}

// amountOf writes a number as answers have it: money is text.
func amountOf(v *float64, unit string) any {
	switch {
	case v == nil:
		return nil
	case unit == "money":
		return amount(decimal.NewFromFloat(*v).StringFixed(2))
	}
	return float(*v)
}

// standings place a store among its peers, metric by metric.
func (s *Server) standings(all map[string]storeMonth, store, peers string) []standing {
	list := []standing{}
	own, active := all[store]
	for _, name := range benchmarkMetrics {
		m := s.options.Metrics.Metric(name)
		if m == nil {
			continue
		}
		var value *float64
		if v, ok := own.number(name); ok {
			value = &v
		}
		var others []float64
		for id, other := range all {
			v, ok := other.number(name)
			if ok && id != store && (peers == "all" || active && other.group == own.group) {
				others = append(others, v)
			}
		}
		at := cohort.Among(value, others, s.options.Cohort)
		list = append(list, standing{
			Metric: name, Unit: m.Unit, Own: own.values[name], Stores: at.Stores, Percentile: at.Percentile,
			Lower: amountOf(at.Lower, m.Unit), Median: amountOf(at.Median, m.Unit), Upper: amountOf(at.Upper, m.Unit),
		})
	}
	return list
}
