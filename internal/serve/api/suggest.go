package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/recommend"
	"github.com/tiendi/tiendi/internal/warehouse"
)

const (
	// suggestionsFor is how long suggestions are taken for good: they learn from a year.
	suggestionsFor  = 5 * time.Minute
	suggestionsPath = "/v1/recommendations"
	// maxLookedAt bounds the products that a visitor may name; the last 20 of them count.
	maxLookedAt        = 100
	defaultSuggestions = 10
)

// suggestions is the answer of GET /v1/recommendations.
type suggestions struct {
	Suggestions []suggestion `json:"suggestions"`
}

// suggestion is a product that suits the visitor.
type suggestion struct {
	Product  uuid.UUID        `json:"product_id"`
	Store    uuid.UUID        `json:"store_id"`
	Name     string           `json:"name"`
	Category string           `json:"category"`
	Reason   recommend.Reason `json:"reason"`
	Score    float64          `json:"score"`
}

// suggest answers GET /v1/recommendations. It is asked by shoppers' browsers, so it tells
// nothing but what a shop shows.
func (s *Server) suggest(c *call) error {
	visitor, err := s.visitor(c)
	if err != nil {
		return err
	}
	key := suggestionsKey(visitor, s.options.Database, s.options.Clock())
	body := s.kept(c.Context(), key)
	c.note("cached", body != nil)
	if body == nil {
		if body, err = s.askSuggestions(c, visitor); err != nil {
			return err
		}
		s.keep(c.Context(), key, body)
	}
	sum := sha256.Sum256(body)
	h := c.w.Header()
	h.Set("Cache-Control", "private, max-age="+strconv.Itoa(int(suggestionsFor.Seconds())))
	h.Add("Vary", "Authorization")
	if c.has(hex.EncodeToString(sum[:16])) {
		return nil
	}
	return c.send("application/json", body)
}

// visitor reads for whom suggestions are wanted.
func (s *Server) visitor(c *call) (r recommend.Request, err error) {
	parameters, err := url.ParseQuery(c.URL.RawQuery)
	if err != nil {
		return r, refuse(http.StatusBadRequest, err.Error())
	}
	r.Limit = defaultSuggestions
	for name, values := range parameters {
		switch name {
		case "product":
			r.Products, err = productIDs(values)
		case "limit":
			if r.Limit, err = strconv.Atoi(values[0]); err != nil || len(values) > 1 || r.Limit < 1 || r.Limit > recommend.MaxLimit {
				err = fmt.Errorf("limit: ask for 1 to %d", recommend.MaxLimit)
			}
		case "store":
		default:
			err = fmt.Errorf("there is no parameter %s: see /openapi.json", name)
		}
		if err != nil {
			return r, refuse(http.StatusBadRequest, err.Error())
		}
	}
	store, err := storeOf(c)
	r.Store = uuid.UUID(store)
	return r.Essence(), err
}

func productIDs(texts []string) (ids []uuid.UUID, err error) {
	if len(texts) > maxLookedAt {
		return nil, fmt.Errorf("product: name %d at most", maxLookedAt)
	}
	for _, text := range texts {
		id, err := uuid.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("product: %.60q is no id", text)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// suggestionsKey names an answer for as long as it is taken for good.
func suggestionsKey(r recommend.Request, database string, now time.Time) string {
	sum := sha256.New()
	_, _ = fmt.Fprintf(sum, "suggestions\n%q\n%d\n%s\n%d\n", database, now.UnixNano()/int64(suggestionsFor), r.Store, r.Limit)
	for _, id := range r.Products {
		sum.Write(id[:])
	}
	return hex.EncodeToString(sum.Sum(nil)[:16])
}

// askSuggestions asks the warehouse, within the limits of one question.
func (s *Server) askSuggestions(c *call, r recommend.Request) ([]byte, error) {
	done, err := s.tenants.query(c.Context(), c.tenant)
	if err != nil {
		return nil, err
	}
	defer done()
	ctx, cancel := context.WithTimeout(c.Context(), s.limits.Duration+time.Second)
	defer cancel()
	list, err := s.suggestionSource(r.Store).Suggest(ctx, r)
	if warehouse.IsCode(err, warehouse.CodeUnknownTable) {
		return nil, failed(http.StatusServiceUnavailable, "there are no suggestions yet: tiendi build makes what they are read from", err)
	}
	if err != nil {
		return nil, trouble(err)
	}
	answer := suggestions{Suggestions: []suggestion{}}
	for _, l := range list {
		answer.Suggestions = append(answer.Suggestions, suggestion{l.Product, l.Store, l.Name, l.Category, l.Reason, l.Score})
	}
	var out bytes.Buffer
	err = json.NewEncoder(&out).Encode(answer)
	return out.Bytes(), err
}

// suggestionSource reads for the visitors of a store behind its fence: rows of no other are
// read, whatever the SQL says.
func (s *Server) suggestionSource(store uuid.UUID) *recommend.Source {
	fence := s.fence(data{byStore: suggestionTables}, onlyOf(store))
	return &recommend.Source{Warehouse: bounded{s.options.Warehouse, fence}, Schema: s.options.Database}
}

// suggestionTables are what suggestions are read from; all have a store_id.
var suggestionTables = []string{"product_affinity", "product_popularity", "dim_product"}

// onlyOf is the store whose rows suggestions for its visitors come from; the platform's
// come from all. Who may ask for which was settled before, so that one answer does for all
// who may.
func onlyOf(store uuid.UUID) []event.ID {
	if store == uuid.Nil {
		return nil
	}
	return []event.ID{event.ID(store)}
}

// bounded is a warehouse whose questions have the bounds of a request.
type bounded struct {
	Warehouse
	bounds warehouse.Option
}

func (b bounded) Query(ctx context.Context, sql string, opts ...warehouse.Option) (*warehouse.Rows, error) {
	return b.Warehouse.Query(ctx, sql, append(opts, b.bounds)...)
}
