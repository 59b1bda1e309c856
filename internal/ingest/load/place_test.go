package load

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestBelongs(t *testing.T) {
	orders := []string{"id", "store_id", "user_id", "status", "subtotal", "delivery_fee", "total", "payment_method", "created_at"}
	for _, c := range []struct {
		path    string
		columns []string
		want    string
	}{
		{"x/orders.csv", nil, "orders"},
		{"x/Orders-2024-01.csv.gz", nil, "orders"},
		{"x/orders_raw.csv", nil, "orders"},
		{"x/order_items.2024.csv", nil, "order_items"},
		{"x/events1.ndjson", nil, "events"},
		{"x/eventsourcing.ndjson", []string{"x"}, ""},
		{"x/export.csv", orders, "orders"},
		{"x/export.csv", append(orders, "coupon"), ""},
		{"orders/part-1.csv", append(orders, "coupon"), "orders"},
		{"users/part-1.csv", orders, "orders"},
		{"clicks/2019.ndjson", []string{"event_id", "event_type", "timestamp", "session_id", "context", "properties"}, "events"},
		{"x/returns.csv", []string{"id", "created_at", "reason"}, ""},
	} {
		got := ""
		if table := belongs(c.path, c.columns, Tables()); table != nil {
			got = table.File
		}
		if got != c.want {
			t.Errorf("%s with %v belongs to %q, want %q", c.path, c.columns, got, c.want)
		}
	}
}

func TestFind(t *testing.T) {
	dir := t.TempDir()
	users := "id,city,state,created_at\n"
	for name, text := range map[string]string{
		"a/users.csv": users, "a/.hidden.csv": users, "a/notes.txt": "", "a/b/users-2.csv": users,
		".git/users.csv": users, "empty/readme.md": "", "odd/x.csv": "x\n1\n",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(filepath.Join(dir, "a"), filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	paths := func(names ...string) (full []string) {
		for _, n := range names {
			full = append(full, filepath.Join(dir, n))
		}
		return full
	}
	for given, want := range map[string]struct{ found, errors []string }{
		"a":           {paths("a/b/users-2.csv", "a/users.csv"), nil},
		"link":        {paths("a/b/users-2.csv", "a/users.csv"), nil},
		"a/users.csv": {paths("a/users.csv"), nil},
		"a/notes.txt": {nil, []string{"is no CSV, NDJSON or Parquet file by its name"}},
		"empty":       {nil, []string{"holds no .csv"}},
		"odd":         {nil, []string{"neither its name nor its columns (x)"}},
		"missing.csv": {nil, []string{"does not exist"}},
		".":           {paths("a/b/users-2.csv", "a/users.csv"), []string{"neither its name"}},
	} {
		jobs, unplaced := find([]string{filepath.Join(dir, given)}, nil, Tables())
		var found []string
		for _, j := range jobs {
			found = append(found, j.path)
		}
		if !reflect.DeepEqual(found, want.found) || len(unplaced) != len(want.errors) {
			t.Errorf("%s: found %v, unplaced %v", given, found, unplaced)
			continue
		}
		for i, u := range unplaced {
			if !strings.Contains(u.Err.Error(), want.errors[i]) {
				t.Errorf("%s: %v, want %q", given, u.Err, want.errors[i])
			}
		}
	}
}
