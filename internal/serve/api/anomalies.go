package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

// unusual is a figure of a day that was not as expected, as whoever asked is told of it.
type unusual struct {
	Date     string `json:"date"`
	StoreID  string `json:"store_id,omitempty"` // "" for the platform
	Store    string `json:"store,omitempty"`
	Metric   string `json:"metric"`
	Unit     string `json:"unit"`
	Value    any    `json:"value"`
	Expected any    `json:"expected"`
	Low      any    `json:"low"`
	High     any    `json:"high"`
	Change   any    `json:"change"` // against what was expected, as a share; of rates the difference
	Good     bool   `json:"good"`   // it deviates to the better side
	Since    string `json:"since"`
	Repeated bool   `json:"repeated"`
}

// anomalies is the answer of GET /v1/anomalies.
type anomalies struct {
	Searched days      `json:"searched"` // what there is to ask for
	Tested   int       `json:"tested"`   // figures of the last of these days of which something could be said
	Total    int       `json:"total"`    // alerts of the days that are asked for
	Alerts   []unusual `json:"alerts"`   // the last day first
}

// days are those from Start up to, not including, End.
type days struct {
	Start string `json:"start"`
	End   string `json:"end"`
}

// anomalies answers GET /v1/anomalies. What it is taken from was found in the rows of all
// stores; what leaves is the caller's store's.
func (s *Server) anomalies(c *call) error {
	q, err := readAnomalyQuestion(c)
	if err != nil {
		return err
	}
	if s.options.Anomalies == nil {
		return refuse(http.StatusNotFound, "nobody looks for anomalies here")
	}
	search, err := s.nextSearch(c)
	if err != nil {
		return err
	}
	c.w.Header().Add("Vary", "Accept")
	key := keyOf("anomalies", q.Start, q.End, strconv.Itoa(q.Limit), q.Format, q.store.String(), search.key)
	return s.giveKept(c, key, mediaTypes[q.Format], func() ([]byte, error) {
		found, err := s.found(c, search)
		if err != nil {
			return nil, err
		}
		return q.answer(found, search)
	})
}

// answer takes what is asked for out of what was found.
func (q *anomalyQuestion) answer(found *Found, of search) ([]byte, error) {
	a := anomalies{Searched: days{of.start.Format(time.DateOnly), of.end.Format(time.DateOnly)}, Alerts: []unusual{}}
	for id, n := range found.Tested {
		if q.mine(id) {
			a.Tested += n
		}
	}
	for i := range found.Alerts {
		one := &found.Alerts[i]
		if !q.mine(one.StoreID) || one.Date < q.Start || q.End != "" && one.Date >= q.End {
			continue
		}
		if a.Total++; len(a.Alerts) < q.Limit {
			a.Alerts = append(a.Alerts, one.told())
		}
	}
	if q.Format == "csv" {
		return a.csv()
	}
	return json.Marshal(a)
}

func (f *FoundAlert) told() unusual {
	up := f.Value.GreaterThan(f.Expected)
	u := unusual{
		Date: f.Date, StoreID: f.StoreID, Store: f.Store, Metric: f.Metric, Unit: f.Unit, Good: up != f.GoodDown, Since: f.Since, Repeated: f.Repeated,
		Value: f.figure(f.Value), Expected: f.figure(f.Expected), Low: f.figure(f.Low), High: f.figure(f.High),
	}
	if f.Change.Valid {
		u.Change = json.Number(f.Change.Decimal.String())
	}
	return u
}

// figure is a value as answers have it: money is text.
func (f *FoundAlert) figure(v decimal.Decimal) any {
	if f.Unit == "money" {
		return money(v)
	}
	return json.Number(v.String())
}

// csv writes a row an alert.
func (a *anomalies) csv() ([]byte, error) {
	names := []string{"date", "store_id", "store", "metric", "unit", "value", "expected", "low", "high", "change", "good", "since", "repeated"}
	columns := make([]column, len(names))
	for i, name := range names {
		columns[i].Name = name
	}
	var out bytes.Buffer
	e, err := newEncoder("csv", &out, columns)
	if err != nil {
		return nil, err
	}
	for _, u := range a.Alerts {
		if err := e.row([]any{u.Date, u.StoreID, u.Store, u.Metric, u.Unit, u.Value, u.Expected, u.Low, u.High, u.Change, u.Good, u.Since, u.Repeated}); err != nil {
			return nil, err
		}
	}
	err = e.end("")
	return out.Bytes(), err
}
