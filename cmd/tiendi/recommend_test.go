package main

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/recommend"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// checkRecommendations holds the suggestions against what the visitors of the
// public clickstream did next, and what is served against what is measured.
func checkRecommendations(t *testing.T, s *shop) {
	var results []jsonAccuracy
	if err := json.Unmarshal([]byte(s.run(t, "recommend", "eval", "--output", "json").stdout), &results); err != nil {
		t.Fatal(err)
	}
	if len(results) < 4 || results[0].Method != "popularity" || results[len(results)-1].Method != "tiendi's models" {
		t.Fatalf("%+v", results)
	}
	ours := results[len(results)-1].Sessions
	if ours.Cases < 300 || *ours.VsPopularity < 4 {
		t.Errorf("%d cases, %v times popularity: want 4 times at least", ours.Cases, *ours.VsPopularity)
	}
	for _, r := range results[:len(results)-1] {
		if *r.Sessions.HR >= *ours.HR || *r.Sessions.NDCG >= *ours.NDCG {
			t.Errorf("%s is as good: HR %v and %v, NDCG %v and %v", r.Method, *r.Sessions.HR, *ours.HR, *r.Sessions.NDCG, *ours.NDCG)
		}
	}
	checkServed(t, s)
}

// checkServed wants Suggest to give what Models gives, which is what the
// evaluation measures.
func checkServed(t *testing.T, s *shop) {
	client := s.engine.client
	catalogue, err := recommend.ReadCatalogue(t.Context(), client, s.database)
	if err != nil {
		t.Fatal(err)
	}
	visits, err := recommend.ReadVisits(t.Context(), client, s.database, catalogue)
	if err != nil {
		t.Fatal(err)
	}
	database := warehouse.Ident(s.database)
	models := &recommend.Models{
		Warehouse: client, Catalogue: catalogue,
		Affinity: "SELECT * FROM " + database + ".product_affinity", Popularity: "SELECT * FROM " + database + ".product_popularity",
	}
	if err := models.Train(t.Context(), nil, 0); err != nil {
		t.Fatal(err)
	}
	source := &recommend.Source{Warehouse: client, Schema: s.database}
	for i := 0; i < len(visits); i += len(visits) / 60 {
		var query []uuid.UUID
		for _, p := range visits[i].Products {
			query = append(query, catalogue.ID(p))
		}
		served, err := source.Suggest(t.Context(), recommend.Request{Products: query, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		for k, p := range models.Top(visits[i].Products, 10) {
			if k >= len(served) || served[k].Product != catalogue.ID(p) {
				t.Fatalf("after %v, place %d: measured is %s, served %+v", query, k+1, catalogue.ID(p), served)
			}
		}
	}
}

// BenchmarkSuggestionModels builds the models of suggestions from a million
// products touched in 300,000 sessions: well below 30 s is wanted.
func BenchmarkSuggestionModels(b *testing.B) {
	s := newShop(b)
	s.run(b, "run", "--quiet")
	sql := fmt.Sprintf(`INSERT INTO %[1]s.product_sessions (session_id, session_started_at, product_id, date, store_id, touches, views)
SELECT reinterpretAsUUID(sipHash128(session)), toDateTime64('2026-03-01 00:00:00', 3, 'UTC') + session * 17 AS started_at,
    reinterpretAsUUID(sipHash128('product', product)), toDate(started_at), reinterpretAsUUID(sipHash128('store', product %% 200)), 1, 1
FROM (
    SELECT DISTINCT intDiv(number * 3, 10) AS session, toUInt32(20000 * pow(cityHash64(number) / 18446744073709551615, 2)) AS product
    FROM numbers(1000000)
)`, warehouse.Ident(s.database))
	products := `INSERT INTO %[1]s.dim_product (product_id, store_id, category)
SELECT DISTINCT product_id, store_id, toString(cityHash64(product_id) %% 30) FROM %[1]s.product_sessions`
	for _, statement := range []string{sql, fmt.Sprintf(products, warehouse.Ident(s.database))} {
		if _, err := s.engine.client.Exec(b.Context(), statement); err != nil {
			b.Fatal(err)
		}
	}
	b.Logf("%s touches of %s products", s.value(b, "select count() from $db.product_sessions"), s.value(b, "select count() from $db.dim_product"))
	for b.Loop() {
		s.run(b, "run", "-s", "product_affinity", "product_popularity")
	}
}
