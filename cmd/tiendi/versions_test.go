package main

import (
	"fmt"
	"strings"
	"testing"
)

// versioned are the tables that files and the change log both write: what names a row,
// and a column that tells its versions apart.
var versioned = []struct{ table, key, mark string }{
	{"orders", "id", "total"}, {"order_items", "id", "quantity"}, {"products", "id", "stock"},
	{"stores", "id", "commission_rate"}, {"users", "id", "city"}, {"subscriptions", "store_id", "monthly_fee"},
}

// versions are the rows of a test: which row, in which run it comes, its updated_at, its
// place in the change log (0 for files) and whether it is a deletion.
var versions = []struct {
	row, run, mark, day, version, deleted int
}{
	{row: 1, run: 1, mark: 1, day: 10}, // a file,
	{row: 1, run: 1, mark: 2, day: 5, version: 500},
	{row: 1, run: 2, mark: 3, day: 20}, // and one that is loaded later
	{row: 2, run: 1, mark: 1, day: 10, version: 500},
	{row: 2, run: 2, version: 700, deleted: 1},
	{row: 2, run: 3, mark: 2, day: 25},
	{row: 3, run: 1, version: 500, deleted: 1},
	{row: 3, run: 1, mark: 2, day: 1, version: 501},
	{row: 3, run: 3, mark: 1, day: 2, version: 499}, // another partition was late
	{row: 4, run: 1, mark: 7, day: 3},               // only files know it
	{row: 4, run: 2, mark: 8, day: 4},
	{row: 5, run: 1, mark: 1, day: 1},
	{row: 5, run: 2, version: 900, deleted: 1},
	{row: 5, run: 3, mark: 2, version: 901}, // there again, without updated_at
	{row: 6, run: 2, mark: 5, day: 1, version: 600},
	{row: 6, run: 2, mark: 5, day: 1, version: 600}, // the same twice
}

// lastVersions is what holds after each run: mark by row, "x" for deleted ones.
var lastVersions = [3]string{
	"1:2 2:1 3:2 4:7 5:1", "1:2 2:x 3:2 4:8 5:x 6:5", "1:2 2:x 3:2 4:8 5:2 6:5",
}

// TestVersions has rows of files and of the change log in each raw table, out of order,
// and builds after each part of them. A full build gives the same, and the views leave
// out what is deleted.
func TestVersions(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	var models, raws []string
	for _, v := range versioned {
		raws = append(raws, v.table+"_raw")
		models = append(models, v.table+"_staging")
	}
	views := []string{"orders", "order_items", "products", "stores", "users"}
	s.run(t, append([]string{"run", "-s"}, raws...)...)
	check := func(of string) {
		t.Helper()
		for _, v := range versioned {
			got := s.value(t, fmt.Sprintf("select arrayStringConcat(arraySort(groupArray(concat(substring(toString(%s), 36), ':', if(is_deleted = 1, 'x', toString(%s))))), ' ') from $db.%s_staging",
				v.key, v.mark, v.table))
			if got != of {
				t.Errorf("%s: %s, want %s", v.table, got, of)
			}
		}
		for _, view := range views {
			if n := s.value(t, "select toString(count()) from $db."+view); n != fmt.Sprint(strings.Count(of, ":")-strings.Count(of, "x")) {
				t.Errorf("the view %s has %s rows of %s", view, n, of)
			}
		}
	}
	for run := range 3 {
		for _, table := range versioned {
			for i, v := range versions {
				if v.run == run+1 {
					s.exec(t, fmt.Sprintf("insert into $db.%s_raw (%s, %s, updated_at, _version, _deleted, _position) values ('00000000-0000-0000-0000-%012d', '%d', %d * 86400, %d, %d, %d)",
						table.table, table.key, table.mark, v.row, v.mark, v.day, v.version, v.deleted, i))
				}
			}
		}
		s.run(t, append(append([]string{"run", "-s"}, models...), views...)...)
		check(lastVersions[run])
	}
	s.run(t, append([]string{"run", "--full-refresh", "-s"}, append(models, "stock_snapshots")...)...)
	check(lastVersions[2])
	// A stock that a file says later than the change log is not the product's.
	if n := s.value(t, "select toString(count()) from $db.stock_snapshots where stock = 3 or product_id = toUUID('00000000-0000-0000-0000-000000000002') and date > '1970-01-11' and stock = 2"); n != "0" {
		t.Errorf("%s days have the stock of a file that the change log overtook", n)
	}
}

// TestRawTablesFollowTheirKey holds the raw tables of the OLTP schema to what versions
// need: the sorting key begins with the row's key and its version, and nothing outside
// the key partitions them, or the versions of a row would lie apart.
func TestRawTablesFollowTheirKey(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for _, v := range versioned {
		s.run(t, "run", "-s", v.table+"_raw")
		key := v.key
		if v.table == "subscriptions" {
			key += ", started_at"
		}
		row := s.query(t, "select sorting_key, partition_key from system.tables where database = '"+s.database+"' and name = '"+v.table+"_raw'")[0]
		if got := row.text("sorting_key"); !strings.HasPrefix(got, key+", _version") || row.text("partition_key") != "" {
			t.Errorf("%s_raw is sorted by %s and partitioned by %q", v.table, got, row.text("partition_key"))
		}
	}
}
