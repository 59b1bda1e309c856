package bench

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"
	goredis "github.com/redis/go-redis/v9"
)

// naiveRedis adds what has been counted, and says how many sessions are open.
func naiveRedis(s *naiveSettings) (func(*naiveFigures) error, error) {
	options, err := goredis.ParseURL(s.Redis)
	if err != nil {
		return nil, err
	}
	r := &naiveCache{client: goredis.NewClient(options)}
	return func(f *naiveFigures) error {
		r.pipe = r.client.Pipeline()
		if err := r.figures(f); err != nil {
			return err
		}
		r.visitors(f.visitors)
		r.numbers(f.live)
		return r.send(0)
	}, nil
}

// naiveCache is a connection, and what is to be sent.
type naiveCache struct {
	client *goredis.Client
	pipe   goredis.Pipeliner
}

// send sends what there is, if it is more than so much.
func (r *naiveCache) send(most int) error {
	if r.pipe.Len() <= most {
		return nil
	}
	_, err := r.pipe.Exec(context.Background())
	return err
}

// figures are those of days, and of the minutes of stores: nobody watches the minutes
// of products and sources.
func (r *naiveCache) figures(f *naiveFigures) error {
	ctx := context.Background()
	for w, c := range f.windows {
		if !w.day && w.by != "store" {
			continue
		}
		index, member, key := w.keys()
		for _, one := range [...]struct {
			name string
			n    int64
		}{{"views", c.views}, {"carts", c.carts}, {"checkouts", c.checkouts}, {"purchases", c.purchases}, {"units", c.units}, {"revenue", c.revenue}} {
			if one.n == 0 {
				continue
			}
			r.pipe.HIncrBy(ctx, key, one.name, one.n)
			if index != "" && (one.name == "views" || one.name == "revenue") {
				r.pipe.ZIncrBy(ctx, index+one.name, float64(one.n), member)
			}
		}
		if err := r.send(10_000); err != nil {
			return err
		}
	}
	return nil
}

// visitors are of the minute and of its day.
func (r *naiveCache) visitors(all naiveVisitors) {
	for w, who := range all {
		members := make([]any, 0, len(who))
		for id := range who {
			members = append(members, string(id[:]))
		}
		for _, w := range [...]naiveWindow{w, w.ofDay()} {
			_, _, key := w.keys()
			r.pipe.PFAdd(context.Background(), key+":visitors", members...)
		}
	}
}

// keys are a window's, and those of what it is ranked among, without the field.
func (w *naiveWindow) keys() (index, member, key string) {
	unit := "naive:minute:" + strconv.FormatInt(w.start, 10) + ":"
	if w.day {
		unit = "naive:day:" + time.Unix(w.start, 0).UTC().Format(time.DateOnly) + ":"
	}
	store := w.store.String()
	key = unit + store
	switch {
	case w.by == "product":
		member = w.product.String()
		return key + ":products:", member, key + ":product:" + member
	case w.by == "store_source":
		return key + ":sources:", w.source, key + ":source:" + w.source
	case w.store == uuid.UUID{}:
		return "", "", key
	}
	return unit + "stores:", store, key
}

// numbers sets how many sessions are open.
func (r *naiveCache) numbers(live map[uuid.UUID]int) {
	for store, n := range live {
		r.pipe.HSet(context.Background(), naiveLive+store.String(), "sessions", n)
	}
}

const naiveLive = "naive:live:"
