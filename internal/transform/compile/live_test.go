package compile

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/local/localtest"
	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
)

func TestMain(m *testing.M) { localtest.Main(m) }

// liveTables are what the golden files of testdata/live were made over.
var liveTables = []string{
	"drop database if exists live_dev sync",
	"create database live_dev engine = Atomic",
	"create table live_dev.orders (id UInt32, amount Decimal(18, 2), status LowCardinality(String), created_at DateTime('UTC'), tags Array(String), note Nullable(String)) engine = MergeTree order by id",
	"insert into live_dev.orders values (1, 10.50, 'paid', '2024-01-02 03:04:05', ['a', 'b'], null), (2, 7, 'sent', '2024-02-03 00:00:00', [], 'it''s')",
	"create table live_dev.grows (id UInt32, amount Decimal(18, 2)) engine = MergeTree order by id",
	"create table live_dev.always_new (id UInt8) engine = Memory",
	"create view live_dev.v_orders as select * from live_dev.orders",
}

func liveWarehouse(t *testing.T) *warehouse.Client {
	t.Helper()
	client, err := warehouse.Open(t.Context(), localtest.Acquire(t).Warehouse())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if _, err := client.Exec(ctx, liveTables[0]); err != nil {
			t.Error(err)
		}
		_ = client.Close()
	})
	for _, sql := range liveTables {
		if _, err := client.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%v\nin %s", err, sql)
		}
	}
	return client
}

func liveManifest(t *testing.T) *Manifest {
	t.Helper()
	o := testOptions()
	o.Target.Schema, o.Flags.FullRefresh = "live_dev", false
	m, err := Load(t.Context(), project.Options{Dir: "testdata/live"}, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestTemplatesAskTheWarehouse holds what templates get from an engine against
// what dbt gives them over the same tables.
func TestTemplatesAskTheWarehouse(t *testing.T) {
	client := liveWarehouse(t)
	m := liveManifest(t)
	want := goldenFiles(t, "testdata/live_golden")
	for _, n := range m.Nodes {
		out, err := m.Compiler(client).Compile(t.Context(), n, nil)
		if err != nil {
			t.Errorf("%s: %v", n.UniqueID, err)
		} else if out.SQL != want[out.Path] {
			t.Errorf("%s:\n got %q\nwant %q", out.Path, out.SQL, want[out.Path])
		}
	}
}

func TestFailingQueryNamesPlaceAndCause(t *testing.T) {
	client := liveWarehouse(t)
	m := liveManifest(t)
	_, err := m.Compiler(client).Inline(t.Context(), "select 1\n{% set x = run_query('select nothing from live_dev.orders') %}")
	var failed *warehouse.Error
	if !errors.As(err, &failed) || failed.Code != 47 {
		t.Fatalf("want the warehouse's own error 47, got %v", err)
	}
	for _, part := range []string{"query in a template (select nothing from live_dev.orders)", "in macro run_query"} {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not say %q:\n%v", part, err)
		}
	}
}

func TestWithoutWarehouseTheErrorSaysSo(t *testing.T) {
	m := liveManifest(t)
	_, err := m.Compiler(nil).Compile(t.Context(), m.Nodes["model.live.grows"], nil)
	if !errors.Is(err, errNoWarehouse) || !strings.Contains(err.Error(), "models/grows.sql:3") {
		t.Errorf("got %v", err)
	}
}
