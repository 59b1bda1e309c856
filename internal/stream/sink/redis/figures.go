package redis

import (
	"cmp"
	"context"
	"strconv"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/event"
)

// Figures are those of one day, of a store or of the whole platform.
type Figures struct {
	Views, Carts, Checkouts, Purchases, Units int64
	Revenue                                   int64 // live_revenue, in hundredths
	Visitors                                  int64 // distinct, within 0.8 %
	LiveSessions                              int64 // that are open, by the streams' time
}

// Figures reads the day that now lies in. store is "" for the whole platform.
func (t *Target) Figures(ctx context.Context, store string, now time.Time) (f Figures, err error) {
	store = cmp.Or(store, event.ID{}.String())
	day := "tiendi:day:" + now.In(t.zone).Format(time.DateOnly) + ":" + store
	var counts *goredis.SliceCmd
	var visitors *goredis.IntCmd
	var live *goredis.SliceCmd
	_, err = t.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		counts = p.HMGet(ctx, day, "views", "carts", "checkouts", "purchases", "units", "revenue")
		visitors = p.PFCount(ctx, day+":visitors")
		live = p.HMGet(ctx, "tiendi:live:"+store, "sessions")
		return nil
	})
	if err != nil {
		return f, t.describe("read the figures of "+day, err)
	}
	f.Visitors = visitors.Val()
	values := append(counts.Val(), live.Val()...)
	for i, into := range []*int64{&f.Views, &f.Carts, &f.Checkouts, &f.Purchases, &f.Units, &f.Revenue, &f.LiveSessions} {
		if text, ok := values[i].(string); ok {
			if *into, err = strconv.ParseInt(text, 10, 64); err != nil {
				return f, err
			}
		}
	}
	return f, nil
}
