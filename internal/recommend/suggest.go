package recommend

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// Reason says why a product is suggested.
type Reason string

// The reasons, the strongest first.
const (
	Together Reason = "together" // shoppers look at it or buy it with what was looked at
	Category Reason = "category" // it is popular in the category of what was looked at
	Popular  Reason = "popular"  // it is popular
)

// Request is a visitor who wants suggestions.
type Request struct {
	// Store limits the suggestions to what is known of one store's visitors;
	// uuid.Nil is the whole platform.
	Store uuid.UUID
	// Products that the visitor has looked at, the latest last. The last 20
	// count; none at all gives what is popular.
	Products []uuid.UUID
	// Limit is how many suggestions to give, 1 to MaxLimit.
	Limit int
}

// Essence is the same visitor without products that do not count: equal essences have
// equal suggestions.
func (r Request) Essence() Request {
	r.Products = latest(r.Products)
	slices.Reverse(r.Products)
	return r
}

// MaxLimit is the most suggestions that a request can have.
const MaxLimit = 50

// Suggestion is a product for a visitor.
type Suggestion struct {
	Product  uuid.UUID
	Name     string // empty where only events know the product
	Store    uuid.UUID
	Category string
	Reason   Reason
	Score    float64 // of Together: the higher the better; otherwise 0
}

// Source gives suggestions from the marts. It is safe for concurrent use.
type Source struct {
	Warehouse Warehouse
	Schema    string // database of the marts
}

// Suggest gives the products that suit the visitor, the best first: what goes
// with what was looked at, then what is popular in its category, then what is
// popular. A product of the request that counts is never suggested.
func (s *Source) Suggest(ctx context.Context, r Request) ([]Suggestion, error) {
	if r.Limit < 1 || r.Limit > MaxLimit {
		return nil, fmt.Errorf("%d suggestions: ask for 1 to %d", r.Limit, MaxLimit)
	}
	query := latest(r.Products)
	lists, err := s.neighbours(ctx, r.Store, query)
	if err != nil {
		return nil, fmt.Errorf("read what goes with a product: %w", err)
	}
	list := blend(query, func(id uuid.UUID) []Scored[uuid.UUID] { return lists[id] }, compareIDs)
	var out []Suggestion
	for _, found := range list[:min(r.Limit, len(list))] {
		out = append(out, Suggestion{Product: found.Product, Reason: Together, Score: found.Score})
	}
	if len(out) < r.Limit {
		if out, err = s.fillUp(ctx, r, query, out); err != nil {
			return nil, fmt.Errorf("read what is popular: %w", err)
		}
	}
	if err := s.describe(ctx, r.Store, out); err != nil {
		return nil, fmt.Errorf("read the suggested products: %w", err)
	}
	return out, nil
}

func compareIDs(a, b uuid.UUID) int { return strings.Compare(a.String(), b.String()) }

// scope limits a model to a store's rows, or the platform's.
func scope(store uuid.UUID) string {
	if store == uuid.Nil {
		return "scope = 'platform' AND store_id = toUUID('" + noStore + "')"
	}
	return "scope = 'store' AND store_id = toUUID('" + store.String() + "')"
}

// oneOf writes ids as a list for IN, of which there must be one.
func oneOf(ids []uuid.UUID) string {
	texts := make([]string, len(ids))
	for i, id := range ids {
		texts[i] = "toUUID('" + id.String() + "')"
	}
	return "(" + strings.Join(texts, ", ") + ")"
}

func (s *Source) neighbours(ctx context.Context, store uuid.UUID, query []uuid.UUID) (map[uuid.UUID][]Scored[uuid.UUID], error) {
	lists := map[uuid.UUID][]Scored[uuid.UUID]{}
	if len(query) == 0 {
		return lists, nil
	}
	sql := fmt.Sprintf("SELECT product_id, related_product_id, score FROM %s WHERE %s AND product_id IN %s",
		table(s.Schema, "product_affinity"), scope(store), oneOf(query))
	return lists, each(ctx, s.Warehouse, sql, func(rows *warehouse.Rows) error {
		var product uuid.UUID
		var found Scored[uuid.UUID]
		err := rows.Scan(&product, &found.Product, &found.Score)
		lists[product] = append(lists[product], found)
		return err
	})
}
