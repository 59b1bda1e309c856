package report

import (
	"encoding/json"
	"io"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/console"
)

// figureData is a row a figure, unformatted: rates as shares, empty where
// a value is not known.
func figureData(d *Daily) console.Table {
	t := console.Table{Headers: []string{"date", "store_id", "metric", "value", "day_before", "week_ago"}}
	store := ""
	if d.Store != nil {
		store = d.Store.ID
	}
	for _, f := range d.Figures {
		t.Rows = append(t.Rows, []string{
			d.Date.Format(time.DateOnly), store, f.Name, plain(f.Value), plain(f.DayBefore), plain(f.WeekAgo),
		})
	}
	return t
}

func plain(v decimal.NullDecimal) string {
	if !v.Valid {
		return ""
	}
	return v.Decimal.String()
}

type jsonFigure struct {
	Name      string              `json:"metric"`
	Unit      Unit                `json:"unit"`
	Value     decimal.NullDecimal `json:"value"`
	DayBefore decimal.NullDecimal `json:"day_before"`
	WeekAgo   decimal.NullDecimal `json:"week_ago"`
	VsBefore  decimal.NullDecimal `json:"change_day_before"`
	VsWeekAgo decimal.NullDecimal `json:"change_week_ago"`
}

type jsonProduct struct {
	Name           string              `json:"product"`
	Units          int64               `json:"units_sold"`
	GMV            decimal.Decimal     `json:"gmv"`
	Views          int64               `json:"product_views"`
	ConversionRate decimal.NullDecimal `json:"product_conversion_rate"`
}

type jsonStep struct {
	Name     string `json:"step"`
	Sessions int64  `json:"sessions"`
}

// writeJSON prints the document. Decimals are strings, as JSON's numbers are
// doubles to most readers.
func writeJSON(w io.Writer, d *Daily) error {
	doc := struct {
		Date     string        `json:"date"`
		Audience Audience      `json:"for"`
		StoreID  string        `json:"store_id,omitempty"`
		Store    string        `json:"store,omitempty"`
		Currency string        `json:"currency"`
		Figures  []jsonFigure  `json:"figures"`
		Products []jsonProduct `json:"best_sellers"`
		Funnel   []jsonStep    `json:"funnel"`
	}{
		Date: d.Date.Format(time.DateOnly), Audience: d.Audience, Currency: d.Currency,
		Figures: []jsonFigure{}, Products: []jsonProduct{}, Funnel: []jsonStep{},
	}
	if d.Store != nil {
		doc.StoreID, doc.Store = d.Store.ID, d.Store.Name
	}
	for _, f := range d.Figures {
		doc.Figures = append(doc.Figures, jsonFigure{
			f.Name, f.Unit, f.Value, f.DayBefore, f.WeekAgo,
			Change(f.Unit, f.Value, f.DayBefore), Change(f.Unit, f.Value, f.WeekAgo),
		})
	}
	for _, p := range d.Products {
		doc.Products = append(doc.Products, jsonProduct(p))
	}
	for _, s := range d.Funnel {
		doc.Funnel = append(doc.Funnel, jsonStep(s))
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(doc)
}
