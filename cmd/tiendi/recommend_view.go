package main

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"

	"github.com/tiendi/tiendi/internal/console"
	"github.com/tiendi/tiendi/internal/recommend"
)

type jsonSuggestion struct {
	Product  string           `json:"product_id"`
	Name     string           `json:"name"`
	Category string           `json:"category"`
	Store    string           `json:"store_id"`
	Reason   recommend.Reason `json:"reason"`
	Score    *float64         `json:"score"`
}

func writeSuggestions(c *console.Console, format string, list []recommend.Suggestion) error {
	t := console.Table{
		Headers: []string{"rank", "product_id", "name", "category", "reason", "score"},
		Right:   []bool{true, false, false, false, false, true},
	}
	out := make([]jsonSuggestion, len(list))
	for i, s := range list {
		out[i] = jsonSuggestion{s.Product.String(), s.Name, s.Category, s.Store.String(), s.Reason, nil}
		score := ""
		if s.Reason == recommend.Together {
			out[i].Score, score = &s.Score, strconv.FormatFloat(s.Score, 'f', 4, 64)
		}
		t.Rows = append(t.Rows, []string{strconv.Itoa(i + 1), out[i].Product, s.Name, s.Category, string(s.Reason), score})
	}
	if format == "json" {
		return writeIndented(c, out)
	}
	return c.WriteTable(format, t)
}

type jsonAccuracy struct {
	Method   string      `json:"method"`
	Sessions jsonRatings `json:"sessions"`
	Orders   jsonRatings `json:"orders"`
	Train    float64     `json:"train_seconds"`
}

// jsonRatings are null where there were no cases, and against popularity where
// popularity found nothing.
type jsonRatings struct {
	Cases        int      `json:"cases"`
	HR           *float64 `json:"hr_10"`
	NDCG         *float64 `json:"ndcg_10"`
	VsPopularity *float64 `json:"hr_10_vs_popularity"`
}

func ratings(a, popularity recommend.Accuracy) jsonRatings {
	return jsonRatings{a.Cases, finite(a.HR()), finite(a.NDCG()), finite(a.HR() / popularity.HR())}
}

func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}

// writeAccuracy prints a row a method; the first is what the others are
// compared with.
func writeAccuracy(c *console.Console, format string, results []recommend.Result) error {
	t := console.Table{
		Headers: []string{"method", "session_hr_10", "session_ndcg_10", "session_hr_10_vs_popularity", "order_hr_10", "order_ndcg_10", "order_hr_10_vs_popularity", "train_seconds"},
		Right:   []bool{false, true, true, true, true, true, true, true},
	}
	if format == "table" || format == "markdown" {
		t.Headers = []string{"", "Sessions HR", "NDCG", "×", "Orders HR", "NDCG", "×", "Seconds"}
	}
	out := make([]jsonAccuracy, len(results))
	for i, r := range results {
		out[i] = jsonAccuracy{r.Name, ratings(r.Sessions, results[0].Sessions), ratings(r.Orders, results[0].Orders), r.Train.Seconds()}
		row := []string{r.Name}
		for _, rated := range []jsonRatings{out[i].Sessions, out[i].Orders} {
			row = append(row, digits(rated.HR, 3), digits(rated.NDCG, 3), digits(rated.VsPopularity, 2))
		}
		t.Rows = append(t.Rows, append(row, fmt.Sprintf("%.2f", out[i].Train)))
	}
	if format == "json" {
		return writeIndented(c, out)
	}
	return c.WriteTable(format, t)
}

func digits(x *float64, n int) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'f', n, 64)
}

func writeIndented(c *console.Console, value any) error {
	e := json.NewEncoder(c.Out)
	e.SetIndent("", "  ")
	return e.Encode(value)
}
