package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/recommend"
	"github.com/tiendi/tiendi/internal/warehouse"
)

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
	ctx, done, err := s.tenants.query(c.Context(), c.tenant)
	if err != nil {
		return nil, err
	}
	defer done()
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
