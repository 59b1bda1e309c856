package api

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/semantic"
)

const (
	maxBody  = 64 << 10 // bytes of a question
	maxNames = 50       // of metrics, dimensions, conditions or columns
	// defaultRows are those of a page whose size is not asked for.
	defaultRows = 1000
	// maxOffset bounds how far pages go: what comes before is computed for each.
	maxOffset = 1_000_000
)

// question is what POST /v1/query takes, and GET /v1/query as parameters.
type question struct {
	Metrics  []string `json:"metrics"`
	GroupBy  []string `json:"group_by,omitempty"`
	Where    []string `json:"where,omitempty"`
	Start    string   `json:"start,omitempty"` // 2026-11-01
	End      string   `json:"end,omitempty"`   // 2026-12-01, not included
	OrderBy  []string `json:"order_by,omitempty"`
	Saved    string   `json:"saved_query,omitempty"`
	TimeZone string   `json:"time_zone,omitempty"`
	Compare  string   `json:"compare,omitempty"`
	Sparse   bool     `json:"sparse,omitempty"`
	Stores   []string `json:"stores,omitempty"` // of those that the token may see: default all
	Limit    int      `json:"limit,omitempty"`
	Cursor   string   `json:"cursor,omitempty"` // of the page before
	Format   string   `json:"format,omitempty"` // json or csv; default: what Accept prefers
}

// query is the question in the semantic layer's words, for those who may see these stores.
func (q question) query(stores []event.ID) (semantic.Query, error) {
	s := semantic.Query{
		Metrics: q.Metrics, GroupBy: q.GroupBy, Where: q.Where, OrderBy: q.OrderBy, Saved: q.Saved,
		TimeZone: q.TimeZone, Compare: semantic.Comparison(q.Compare), Sparse: q.Sparse,
	}
	if stores != nil {
		s.Stores = make([]string, len(stores))
		for i, id := range stores {
			s.Stores[i] = id.String()
		}
	}
	var err error
	if s.Start, err = day("start", q.Start); err != nil {
		return s, err
	}
	s.End, err = day("end", q.End)
	return s, err
}

// key names an answer: equal for the same question, of those who see the same stores, to
// the same definitions and data.
func (q question) key(stores []event.ID, definitions, data string) string {
	sum := sha256.New()
	text, _ := json.Marshal(q) // of strings, numbers and booleans
	for _, part := range [][]byte{text, []byte(definitions), []byte(data)} {
		fmt.Fprintf(sum, "%d:", len(part))
		sum.Write(part)
	}
	if stores == nil {
		sum.Write([]byte("all"))
	}
	for _, id := range stores {
		sum.Write(id[:])
	}
	return hex.EncodeToString(sum.Sum(nil)[:20])
}
