package report

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/console"
)

// alertData is a row an alert, unformatted.
func alertData(r *Anomalies) console.Table {
	t := console.Table{Headers: []string{
		"date", "store_id", "metric", "value", "expected", "low", "high", "change", "since", "p", "repeated",
	}}
	add := func(alerts []Alert, repeated bool) {
		for i := range alerts {
			a := jsonAlertOf(&alerts[i])
			t.Rows = append(t.Rows, []string{
				r.Date.Format(time.DateOnly), a.StoreID, a.Metric, a.Value.String(), a.Expected.String(), a.Low.String(), a.High.String(),
				plain(a.Change), a.Since, strconv.FormatFloat(a.P, 'g', 3, 64), strconv.FormatBool(repeated),
			})
		}
	}
	add(r.Alerts, false)
	add(r.Continuing, true)
	return t
}

type jsonAlert struct {
	StoreID  string              `json:"store_id,omitempty"`
	Store    string              `json:"store,omitempty"`
	Metric   string              `json:"metric"`
	Unit     Unit                `json:"unit"`
	Value    decimal.Decimal     `json:"value"`
	Expected decimal.Decimal     `json:"expected"`
	Low      decimal.Decimal     `json:"low"`
	High     decimal.Decimal     `json:"high"`
	Change   decimal.NullDecimal `json:"change"`
	Since    string              `json:"since"`
	P        float64             `json:"p"`
}

func jsonAlertOf(a *Alert) jsonAlert {
	out := jsonAlert{
		Metric: a.Metric, Unit: a.Unit, Value: a.Value, Expected: a.Expected, Low: a.Low, High: a.High,
		Change: a.Change(), Since: a.Since.Format(time.DateOnly), P: a.P,
	}
	if a.Store != nil {
		out.StoreID, out.Store = a.Store.ID, a.Store.Name
	}
	return out
}

func writeAnomaliesJSON(c *console.Console, r *Anomalies) error {
	doc := struct {
		Date       string      `json:"date"`
		Audience   Audience    `json:"for"`
		StoreID    string      `json:"store_id,omitempty"`
		Store      string      `json:"store,omitempty"`
		Currency   string      `json:"currency"`
		Holiday    bool        `json:"holiday"`
		Tested     int         `json:"tested"`
		Alerts     []jsonAlert `json:"alerts"`
		Continuing []jsonAlert `json:"continuing"`
	}{
		Date: r.Date.Format(time.DateOnly), Audience: r.Audience, Currency: r.Currency, Holiday: r.Holiday, Tested: r.Tested,
		Alerts: []jsonAlert{}, Continuing: []jsonAlert{},
	}
	if r.Store != nil {
		doc.StoreID, doc.Store = r.Store.ID, r.Store.Name
	}
	for i := range r.Alerts {
		doc.Alerts = append(doc.Alerts, jsonAlertOf(&r.Alerts[i]))
	}
	for i := range r.Continuing {
		doc.Continuing = append(doc.Continuing, jsonAlertOf(&r.Continuing[i]))
	}
	encoder := json.NewEncoder(c.Out)
	encoder.SetIndent("", "  ")
	return encoder.Encode(doc)
}
