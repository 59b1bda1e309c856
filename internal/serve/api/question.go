package api

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

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

// readQuestion reads one, with a bound on all of it.
func readQuestion(r *http.Request) (question, error) {
	var q question
	var err error
	if r.Method == http.MethodPost {
		q, err = questionOfBody(r)
	} else {
		q, err = questionOfParameters(r.URL.Query())
	}
	if err != nil {
		return q, refuse(http.StatusBadRequest, err.Error())
	}
	for name, list := range map[string][]string{"metrics": q.Metrics, "group_by": q.GroupBy, "where": q.Where, "order_by": q.OrderBy, "stores": q.Stores} {
		if len(list) > maxNames && name != "stores" {
			return q, refuse(http.StatusBadRequest, fmt.Sprintf("%s has %d entries, and %d is the most", name, len(list), maxNames))
		}
	}
	if q.Format == "" {
		q.Format = accepted(r.Header.Get("Accept"))
	}
	if q.Format != "json" && q.Format != "csv" {
		return q, refuse(http.StatusNotAcceptable, "answers are application/json or text/csv")
	}
	return q, nil
}

func questionOfBody(r *http.Request) (q question, err error) {
	kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if !strings.EqualFold(strings.TrimSpace(kind), "application/json") {
		return q, errors.New("send the question as Content-Type: application/json")
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return q, errors.New("the question was cut off")
	}
	if len(body) > maxBody {
		return q, fmt.Errorf("the question is longer than %d bytes", maxBody)
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&q); err != nil {
		return q, fmt.Errorf("the question is not what /openapi.json describes: %w", err)
	}
	if d.More() {
		return q, errors.New("there is something behind the question")
	}
	return q, nil
}

func questionOfParameters(v url.Values) (q question, err error) {
	lists := map[string]*[]string{"metrics": &q.Metrics, "group_by": &q.GroupBy, "order_by": &q.OrderBy, "stores": &q.Stores}
	words := map[string]*string{
		"start": &q.Start, "end": &q.End, "saved_query": &q.Saved, "time_zone": &q.TimeZone, "compare": &q.Compare, "cursor": &q.Cursor, "format": &q.Format,
	}
	for name, values := range v {
		switch list, word := lists[name], words[name]; {
		case list != nil:
			for _, value := range values {
				*list = append(*list, strings.Split(value, ",")...)
			}
		case name == "where": // conditions have commas of their own
			q.Where = values
		case len(values) > 1:
			return q, fmt.Errorf("%s is given %d times", name, len(values))
		case word != nil:
			*word = values[0]
		case name == "limit":
			q.Limit, err = strconv.Atoi(values[0])
		case name == "sparse":
			q.Sparse, err = strconv.ParseBool(values[0])
		default:
			return q, fmt.Errorf("there is no parameter %s: see /openapi.json", name)
		}
		if err != nil {
			return q, fmt.Errorf("%s: %q is not what it takes", name, values[0])
		}
	}
	return q, nil
}

// accepted is the format of the first media type that is known.
func accepted(header string) string {
	for part := range strings.SplitSeq(header, ",") {
		switch kind, _, _ := strings.Cut(strings.TrimSpace(part), ";"); kind {
		case "text/csv":
			return "csv"
		case "application/json", "*/*", "application/*", "":
			return "json"
		}
	}
	return ""
}

// page is where a page of an answer begins, and of which version of the data it is.
type page struct {
	Offset  int    `json:"o"`
	Version string `json:"v"`
}

func (p page) cursor() string {
	text, _ := json.Marshal(p) // of a number and a string
	return base64.RawURLEncoding.EncodeToString(text)
}

func readCursor(text string) (p page, err error) {
	if text == "" {
		return p, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || json.Unmarshal(b, &p) != nil || p.Offset <= 0 || p.Offset > maxOffset || p.Version == "" {
		return p, refuse(http.StatusBadRequest, "cursor is not one that an answer gave")
	}
	return p, nil
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

func day(name, text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return t, refuse(http.StatusBadRequest, fmt.Sprintf("%s: %q is no day: want 2026-11-20", name, text))
	}
	return t, nil
}

// stores are those whose rows the caller may see of what he asks for: nil for all of them.
func (c *call) stores(asked []string) ([]event.ID, error) {
	all := c.who.May("platform")
	if len(asked) == 0 {
		if !all && len(c.who.Stores) == 0 {
			return nil, refuse(http.StatusForbidden, "the token names no store")
		}
		if all {
			return nil, nil
		}
		return c.who.Stores, nil
	}
	var ids []event.ID
	for _, text := range asked {
		id, err := event.ParseID([]byte(text))
		if err != nil {
			return nil, refuse(http.StatusBadRequest, "stores: "+err.Error())
		}
		if !c.who.Sees(id) {
			return nil, refuse(http.StatusForbidden, "the token does not cover the store "+id.String())
		}
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b event.ID) int { return bytes.Compare(a[:], b[:]) })
	return slices.Compact(ids), nil
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
