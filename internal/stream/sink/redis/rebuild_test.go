package redis

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/stream/record"
)

var someDay = time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)

// daily publishes a figure of someDay, with the watermark so far after its start.
func daily(revision, views uint64, by record.By, product byte, watermark time.Duration) *record.Publication {
	w := record.Window{Grain: record.Day, By: by, Start: someDay.Unix(), StoreID: id(1), ProductID: id(product)}
	return &record.Publication{Watermark: someDay.Add(watermark),
		Updates: []record.Update{{Window: w, Revision: revision, Counts: record.Counts{Views: views, Revenue: 100}}}}
}

func rowsOf(err error, rows ...Row) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
		if err != nil {
			yield(Row{}, err)
		}
	}
}

// TestRebuild: the warehouse's rows take the place of all that was there, and what
// the streams tell of the day afterwards, new or repeated, changes nothing.
func TestRebuild(t *testing.T) {
	ctx, target := context.Background(), start(t)
	apply(t, target, 0, 0, daily(1, 5, record.ByStore, 0, time.Hour), daily(2, 3, record.ByProduct, 7, time.Hour))
	row := Row{StoreID: id(1), Counts: record.Counts{Views: 50, Carts: 4, Revenue: -7}}
	product := Row{By: record.ByProduct, StoreID: id(1), ProductID: id(8), Counts: record.Counts{Views: 40, Units: 2}}
	if err := target.Rebuild(ctx, someDay, rowsOf(nil, row)); !errors.Is(err, ErrDay) {
		t.Fatalf("a day that is not over: %v, want ErrDay", err)
	}
	apply(t, target, 0, 2, daily(3, 6, record.ByStore, 0, 25*time.Hour))
	failed := errors.New("the warehouse is away")
	if err := target.Rebuild(ctx, someDay, rowsOf(failed, row)); !errors.Is(err, failed) {
		t.Fatalf("%v, want the rows' error", err)
	}
	store := "tiendi:day:2026-11-20:" + id(1).String()
	if got := totals(t, target.client, store); got.Views != 6 {
		t.Errorf("%+v after a rebuild that failed, want 6 views", got)
	}
	if err := target.Rebuild(ctx, someDay.Add(5*time.Hour), rowsOf(nil, row, product)); err != nil {
		t.Fatal(err)
	}
	apply(t, target, 0, 3, daily(4, 7, record.ByStore, 0, 26*time.Hour), daily(5, 9, record.ByProduct, 7, 26*time.Hour))
	if got := totals(t, target.client, store); got != row.Counts {
		t.Errorf("%+v, want the warehouse's %+v", got, row.Counts)
	}
	if got := totals(t, target.client, store+":product:"+id(8).String()); got != product.Counts {
		t.Errorf("%+v, want the warehouse's %+v", got, product.Counts)
	}
	if keys(t, target.client)[store+":product:"+id(7).String()] {
		t.Error("a product that the warehouse does not know is there still")
	}
	if got := scores(target.client, store+":products:views"); len(got) != 1 || got[id(8).String()] != 40 {
		t.Errorf("products by views: %v", got)
	}
	if got := target.Omitted(); got.Old != 2 {
		t.Errorf("%+v, want 2 updates of a rebuilt day", got)
	}
	apply(t, target, 0, 5, daily(6, 1, record.ByStore, 0, 80*time.Hour))
	if err := target.Rebuild(ctx, someDay, rowsOf(nil, row)); !errors.Is(err, ErrDay) {
		t.Errorf("a day that is not kept any more: %v, want ErrDay", err)
	}
}
