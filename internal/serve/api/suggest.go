package api

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/recommend"
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
	v, err := parameters(c.Request, []string{"limit", "store"}, "product")
	if err != nil {
		return r, err
	}
	if r.Products, err = productIDs(v["product"]); err != nil {
		return r, refuse(http.StatusBadRequest, err.Error())
	}
	r.Limit = defaultSuggestions
	if v.Has("limit") {
		if r.Limit, err = strconv.Atoi(v.Get("limit")); err != nil || r.Limit < 1 || r.Limit > recommend.MaxLimit {
			return r, refuse(http.StatusBadRequest, fmt.Sprintf("limit: ask for 1 to %d", recommend.MaxLimit))
		}
	}
	store, err := c.store(v.Get("store"))
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
