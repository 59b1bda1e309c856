package journal_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/operate/journal"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

// TestAdd writes what differs and what does not, in more than one statement, and reads it
// back.
func TestAdd(t *testing.T) {
	db := warehousetest.Open(t)
	j := &journal.Journal{Warehouse: db, Database: db.Config().Database}
	if err := j.Open(t.Context()); err != nil {
		t.Fatal(err)
	}
	base := journal.Entry{Job: "backfill", Scope: "it's", Run: `a\b`, Lease: "lease", State: journal.Done}
	var want []journal.Entry
	for i := range 1500 {
		e := base
		e.Step, e.Fingerprint, e.Message = fmt.Sprintf("step '%d'", i%3), fmt.Sprint(i%2), "\n"
		e.From = time.Date(2026, 1, 1, i, 0, 0, 0, time.UTC)
		e.To = e.From.Add(time.Hour)
		want = append(want, e)
	}
	alone := base
	alone.Step = "alone"
	want = append(want, alone)
	for _, entries := range [][]journal.Entry{want[:1500], want[1500:], nil} {
		if err := j.Add(t.Context(), entries...); err != nil {
			t.Fatal(err)
		}
	}
	got, err := j.Steps(t.Context(), base.Job, base.Scope, base.Run)
	if err != nil {
		t.Fatal(err)
	}
	for i := range got {
		if got[i].At.IsZero() {
			t.Fatalf("%+v has no time", got[i])
		}
		got[i].At = time.Time{}
	}
	order := func(a, b journal.Entry) int { return a.From.Compare(b.From) }
	slices.SortFunc(got, order)
	slices.SortFunc(want, order)
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%d entries came back, %d were written; the first: %+v, %+v", len(got), len(want), got[0], want[0])
	}
}
