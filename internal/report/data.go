package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/tiendi/tiendi/internal/console"
)

// rowsOf is a report as rows, unformatted: rates as shares, empty where a value
// is not known. A row a figure; of cohorts one a month, of funnels one a step.
func rowsOf(d *Document) console.Table {
	switch d.Kind {
	case Cohorts:
		return cohortRows(d)
	case Funnel:
		return funnelRows(d)
	case Anomalies:
		return alertData(d)
	}
	t := console.Table{Headers: append([]string{"date", "store_id", "metric", "value"}, comparisons[d.Kind]...)}
	for _, f := range d.Figures {
		row := []string{d.Start.Format(time.DateOnly), d.storeID(), f.Name, plain(f.Value)}
		for _, before := range f.Earlier {
			row = append(row, plain(before))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

func cohortRows(d *Document) console.Table {
	t := console.Table{Headers: []string{"store_id", "cohort_month", "months_since_first", "cohort_users", "retained_users", "retention_rate"}}
	for _, c := range d.Cohorts {
		for k, retained := range c.Retained {
			t.Rows = append(t.Rows, []string{
				d.storeID(), c.Month.Format(time.DateOnly), strconv.Itoa(k), strconv.FormatInt(c.Users, 10), strconv.FormatInt(retained, 10), plain(share(retained, c.Users)),
			})
		}
	}
	return t
}

func funnelRows(d *Document) console.Table {
	t := console.Table{Headers: []string{"from", "store_id", "dimension", "value", "step", "sessions"}}
	add := func(dimension string, splits []Split) {
		for _, split := range splits {
			for _, step := range split.Steps {
				t.Rows = append(t.Rows, []string{d.Start.Format(time.DateOnly), d.storeID(), dimension, console.Harmless(split.Value), step.Name, strconv.FormatInt(step.Sessions, 10)})
			}
		}
	}
	add("", []Split{{Steps: d.Funnel}})
	add("traffic_source", d.Sources)
	add("device_type", d.Devices)
	return t
}

func (d *Document) storeID() string {
	if d.Store == nil {
		return ""
	}
	return d.Store.ID
}

func plain(v decimal.NullDecimal) string {
	if !v.Valid {
		return ""
	}
	return v.Decimal.String()
}

// jsonFigure is a figure with what its kind compares it with.
type jsonFigure struct {
	figure      *Figure
	comparisons []string
}

// MarshalJSON writes each comparison as a value and a change under its name.
func (j jsonFigure) MarshalJSON() ([]byte, error) {
	f := j.figure
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"metric": %s, "unit": %s`, quoted(f.Name), quoted(string(f.Unit)))
	add := func(name string, v decimal.NullDecimal) {
		text, _ := v.MarshalJSON() // never fails
		fmt.Fprintf(&b, `, %s: %s`, quoted(name), text)
	}
	add("value", f.Value)
	for i, name := range j.comparisons {
		add(name, f.Earlier[i])
	}
	for i, name := range j.comparisons {
		add("change_"+name, Change(f.Unit, f.Value, f.Earlier[i]))
	}
	b.WriteString("}")
	return b.Bytes(), nil
}

func quoted(text string) string {
	out, _ := json.Marshal(text) // of a string
	return string(out)
}

type jsonProduct struct {
	Name           string              `json:"product"`
	Units          int64               `json:"units_sold"`
	GMV            decimal.Decimal     `json:"gmv"`
	Views          int64               `json:"product_views"`
	ConversionRate decimal.NullDecimal `json:"product_conversion_rate"`
}

type jsonMover struct {
	Name      string          `json:"name"`
	GMV       decimal.Decimal `json:"gmv"`
	GMVBefore decimal.Decimal `json:"gmv_week_before"`
}

type jsonStep struct {
	Name     string `json:"step"`
	Sessions int64  `json:"sessions"`
}

type jsonSplit struct {
	Value string     `json:"value"`
	Steps []jsonStep `json:"steps"`
}

type jsonCohort struct {
	Month    string  `json:"month"`
	Users    int64   `json:"users"`
	Retained []int64 `json:"retained"`
}

// jsonDocument is the whole of a report. Decimals are strings, as JSON's numbers
// are doubles to most readers.
type jsonDocument struct {
	Kind     Kind          `json:"report"`
	Date     string        `json:"date"`
	End      string        `json:"end"` // not included
	Audience Audience      `json:"for"`
	StoreID  string        `json:"store_id,omitempty"`
	Store    string        `json:"store,omitempty"`
	Currency string        `json:"currency"`
	Figures  []jsonFigure  `json:"figures,omitempty"`
	Products []jsonProduct `json:"best_sellers,omitempty"`
	Movers   []jsonMover   `json:"movers,omitempty"`
	Funnel   []jsonStep    `json:"funnel,omitempty"`
	Sources  []jsonSplit   `json:"traffic_sources,omitempty"`
	Devices  []jsonSplit   `json:"devices,omitempty"`
	Cohorts  []jsonCohort  `json:"cohorts,omitempty"`
}

func writeJSON(w io.Writer, d *Document) error {
	if d.Kind == Anomalies {
		return writeAnomaliesJSON(w, d)
	}
	doc := jsonDocument{
		Kind: d.Kind, Date: d.Start.Format(time.DateOnly), End: d.End.Format(time.DateOnly), Audience: d.Audience, StoreID: d.storeID(), Currency: d.Currency,
		Funnel: jsonSteps(d.Funnel), Sources: jsonSplits(d.Sources), Devices: jsonSplits(d.Devices),
	}
	if d.Store != nil {
		doc.Store = d.Store.Name
	}
	for i := range d.Figures {
		doc.Figures = append(doc.Figures, jsonFigure{&d.Figures[i], comparisons[d.Kind]})
	}
	for _, p := range d.Products {
		doc.Products = append(doc.Products, jsonProduct(p))
	}
	for _, m := range d.Movers {
		doc.Movers = append(doc.Movers, jsonMover(m))
	}
	for _, c := range d.Cohorts {
		doc.Cohorts = append(doc.Cohorts, jsonCohort{c.Month.Format(time.DateOnly), c.Users, c.Retained})
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(doc)
}

func jsonSteps(steps []Step) []jsonStep {
	var list []jsonStep
	for _, s := range steps {
		list = append(list, jsonStep(s))
	}
	return list
}

func jsonSplits(splits []Split) []jsonSplit {
	var list []jsonSplit
	for _, s := range splits {
		list = append(list, jsonSplit{s.Value, jsonSteps(s.Steps)})
	}
	return list
}
