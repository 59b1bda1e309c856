package main

import (
	"fmt"
	"testing"
)

// TestRejectsExpire has rows of today and of years ago in the tables of what was refused.
func TestRejectsExpire(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	s.run(t, "run", "-s", "change_rejects", "load_rejects")
	for _, table := range []struct{ name, when, place string }{{"change_rejects", "ingested_at", "_position"}, {"load_rejects", "rejected_at", "line"}} {
		for i, months := range []int{0, 23, 25} {
			s.exec(t, fmt.Sprintf("insert into $db.%s (table_name, %s, %s) select 'orders_raw', %d, now() - toIntervalMonth(%d)", table.name, table.place, table.when, i, months))
		}
		s.exec(t, "optimize table $db."+table.name+" final")
		left := s.value(t, "select toString(arraySort(groupArray(dateDiff('month', "+table.when+", now())))) as n from $db."+table.name)
		if left != "[0,23]" {
			t.Errorf("%s has rows of these months ago: %s", table.name, left)
		}
	}
}
