package report

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/local/localtest"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/semantic"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

func TestMain(m *testing.M) { localtest.Main(m) }

const funnelMetric = `semantic_models:
  - name: steps
    model: ref('funnel_mart')
    defaults: {agg_time_dimension: date}
    primary_entity: funnel
    entities: [{name: store, type: foreign, expr: store_id}]
    dimensions:
      - {name: date, type: time, type_params: {time_granularity: day}}
      - {name: step_number, type: categorical}
      - {name: step, type: categorical}
      - {name: traffic_source, type: categorical}
      - {name: device_type, type: categorical}
    measures: [{name: funnel, agg: sum, expr: sessions}]
metrics:
  - {name: funnel, description: Sessions by step., type: simple, type_params: {measure: funnel}}
`

// TestBatches wants the reports of many stores to be the same whether they are made together
// or a few at a time, between the first and the last of them in the warehouse's order.
func TestBatches(t *testing.T) {
	db := warehousetest.Open(t)
	for _, sql := range []string{
		"CREATE TABLE funnel_mart (store_id UUID, date Date, step_number UInt8, step String, traffic_source String, device_type String, sessions UInt64) ENGINE = MergeTree ORDER BY (store_id, date)",
		"INSERT INTO funnel_mart SELECT generateUUIDv4(), '2026-11-05', 1, 'visit', 'google', 'mobile', number + 1 FROM numbers(60)",
		"CREATE VIEW daily_metrics AS SELECT store_id, date FROM funnel_mart",
		"CREATE VIEW stores AS SELECT DISTINCT store_id AS id, toString(store_id) AS name, '' AS email, '' AS language FROM funnel_mart",
	} {
		if _, err := db.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	schema := db.Config().Database
	man, err := semantic.Load([]semantic.File{{Path: "metrics.yml", Text: []byte(funnelMetric)}}, func(ref project.Ref) (project.Relation, bool) {
		return project.Relation{Schema: schema, Identifier: ref.Name}, true
	}, nil, semantic.Options{TimeZone: "UTC"})
	if err != nil {
		t.Fatal(err)
	}
	recipients, err := ReadRecipients(t.Context(), db, schema, nil)
	if err != nil || len(recipients) != 60 {
		t.Fatalf("%d recipients, %v", len(recipients), err)
	}
	var stores []Store
	for _, r := range recipients {
		stores = append(stores, r.Store)
	}
	build := func(r Request) []*Document {
		r.Kind, r.Today = Funnel, time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
		documents, err := Build(t.Context(), Source{Warehouse: db, Metrics: man, Schema: schema}, r)
		if err != nil {
			t.Fatal(err)
		}
		return documents
	}
	together, apart := build(Request{Stores: stores}), []*Document{}
	for batch := range slices.Chunk(stores, 7) {
		apart = append(apart, build(Request{Stores: batch, First: batch[0].ID, Last: batch[len(batch)-1].ID})...)
	}
	if !reflect.DeepEqual(together, apart) || together[0].Empty() || together[59].Empty() {
		t.Errorf("together: %s\napart: %s", texts(together), texts(apart))
	}
	narrow := build(Request{Stores: stores, First: stores[10].ID, Last: stores[19].ID})
	for i, d := range narrow {
		if d.Empty() != (i < 10 || i > 19) {
			t.Errorf("between the 11th and the 20th store, the %dth: %s", i+1, texts(narrow[i:i+1]))
		}
	}
}

func texts(documents []*Document) (list []string) {
	for _, d := range documents {
		list = append(list, fmt.Sprint(d.Store.ID, d.Funnel))
	}
	return list
}
