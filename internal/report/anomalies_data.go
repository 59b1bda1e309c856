package report

import (
	"encoding/json"
	"io"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/console"
)

// alertData is a row an alert, unformatted.
func alertData(d *Document) console.Table {
	t := console.Table{Headers: []string{
		"date", "store_id", "metric", "value", "expected", "low", "high", "change", "since", "p", "repeated",
	}}
	add := func(alerts []Alert, repeated bool) {
		for i := range alerts {
			a := jsonAlertOf(&alerts[i])
			t.Rows = append(t.Rows, []string{
				d.Start.Format(time.DateOnly), a.StoreID, a.Metric, a.Value.String(), a.Expected.String(), a.Low.String(), a.High.String(),
				plain(a.Change), a.Since, strconv.FormatFloat(a.P, 'g', 3, 64), strconv.FormatBool(repeated),
			})
		}
	}
	add(d.Findings.Alerts, false)
	add(d.Findings.Continuing, true)
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

func writeAnomaliesJSON(w io.Writer, d *Document) error {
	f := d.Findings
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
		Date: d.Start.Format(time.DateOnly), Audience: d.Audience, Currency: d.Currency, Holiday: f.Holiday, Tested: f.Tested,
		Alerts: []jsonAlert{}, Continuing: []jsonAlert{},
	}
	if d.Store != nil {
		doc.StoreID, doc.Store = d.Store.ID, d.Store.Name
	}
	for i := range f.Alerts {
		doc.Alerts = append(doc.Alerts, jsonAlertOf(&f.Alerts[i]))
	}
	for i := range f.Continuing {
		doc.Continuing = append(doc.Continuing, jsonAlertOf(&f.Continuing[i]))
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(doc)
}
