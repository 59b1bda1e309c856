package semantic_test

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/local/localtest"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/semantic"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

func TestMain(m *testing.M) { localtest.Main(m) }

// shop is the metrics of testdata/shop, and more, as they are built in a database.
func shop(t testing.TB, database string, more ...semantic.File) *semantic.Manifest {
	t.Helper()
	files := more
	for _, name := range []string{"orders.yml", "visits.yml"} {
		text, err := os.ReadFile("testdata/shop/" + name)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, semantic.File{Path: name, Text: text})
	}
	built := func(ref project.Ref) (project.Relation, bool) {
		return project.Relation{Schema: database, Identifier: ref.Name}, true
	}
	man, err := semantic.Load(files, built, nil, semantic.Options{TimeZone: "UTC", Tenant: "shop"})
	if err != nil {
		t.Fatal(err)
	}
	return man
}

// openShop fills a database of its own with the shop's tables.
func openShop(t testing.TB) (*warehouse.Client, *semantic.Manifest) {
	t.Helper()
	db := warehousetest.Open(t)
	text, err := os.ReadFile("testdata/shop/tables.sql")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for statement := range strings.SplitSeq(string(text), ";\n") {
		if strings.TrimSpace(statement) == "" {
			continue
		}
		if _, err := db.Exec(ctx, statement); err != nil {
			t.Fatalf("%s\n%v", statement, err)
		}
	}
	return db, shop(t, db.Config().Database)
}
