package load_test

import (
	"context"
	"testing"

	"github.com/tiendi/tiendi/internal/ingest/load"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

// filledElsewhere are the columns of raw tables that no file brings.
var filledElsewhere = map[string]bool{
	"_batch": true, "_position": true, "ingested_at": true, // by the loader
	"_version": true, "_deleted": true, // by change logs
}

// The tables that the loader describes must be those that the models make.
func TestSpecAgreesWithTheModels(t *testing.T) {
	db := warehousetest.Open(t)
	for _, table := range load.Tables() {
		if err := (models{t, db}).Ensure(context.Background(), table.Name); err != nil {
			t.Fatal(err)
		}
		rows, err := db.Query(context.Background(), "SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = '"+table.Name+"'")
		if err != nil {
			t.Fatal(err)
		}
		types := map[string]string{}
		for rows.Next() {
			var name, typ string
			if err := rows.Scan(&name, &typ); err != nil {
				t.Fatal(err)
			}
			types[name] = typ
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		for _, c := range table.Columns {
			if types[c.Name] != c.Type() {
				t.Errorf("%s.%s is %s here and %q in the model", table.Name, c.Name, c.Type(), types[c.Name])
			}
			delete(types, c.Name)
		}
		for name, typ := range types {
			if !filledElsewhere[name] {
				t.Errorf("%s.%s (%s) of the model is never filled", table.Name, name, typ)
			}
		}
	}
}
