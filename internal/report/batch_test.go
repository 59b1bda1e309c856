package report

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/tiendi/tiendi"
	"github.com/tiendi/tiendi/internal/local/localtest"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/semantic"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

func TestMain(m *testing.M) { localtest.Main(m) }

// TestBatches wants the reports of many stores to be the same whether they are made together
// or a few at a time, between the first and the last of them in the warehouse's order.
func TestBatches(t *testing.T) {
	db := warehousetest.Open(t)
	for _, sql := range []string{
		"CREATE TABLE funnel_mart (store_id UUID, date Date, step_number UInt8, step String, scope String, traffic_source String, device_type String, sessions UInt64) ENGINE = MergeTree ORDER BY (store_id, date)",
		"INSERT INTO funnel_mart SELECT generateUUIDv4(), '2026-11-05', 1, 'visit', 'store', 'google', 'mobile', number + 1 FROM numbers(60)",
		"CREATE VIEW daily_metrics AS SELECT store_id, date FROM funnel_mart",
		"CREATE VIEW stores AS SELECT DISTINCT store_id AS id, toString(store_id) AS name, '' AS email, '' AS language FROM funnel_mart",
	} {
		if _, err := db.Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
	schema := db.Config().Database
	var files []semantic.File
	for _, name := range []string{"metrics/traffic.yml", "metrics/traffic_counts.yml"} {
		text, err := tiendi.Project.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, semantic.File{Path: name, Text: text})
	}
	man, err := semantic.Load(files, func(ref project.Ref) (project.Relation, bool) {
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
