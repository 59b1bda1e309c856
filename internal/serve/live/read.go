package live

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/cache"
	"github.com/tiendi/tiendi/internal/event"
)

// minutes of a snapshot, and ranks of each kind.
const (
	minutes = 60
	ranks   = 10
)

var errFigures = errors.New("a figure in Redis is no number: something else than tiendi writes its keys")

// Reader reads live figures. It may be used by many at once.
type Reader struct {
	client *goredis.Client
	zone   *time.Location
}

// New makes a reader of the Redis at a URL, as cache.Options takes it. Zone is the
// platform's. It connects when it is first used.
func New(address string, zone *time.Location) (*Reader, error) {
	options, err := cache.Options(address)
	if err != nil {
		return nil, err
	}
	options.MaxRetries = 1 // reading twice does no harm
	return &Reader{client: goredis.NewClient(options), zone: zone}, nil
}

// Close hangs up.
func (r *Reader) Close() error { return r.client.Close() }

// Read gives a store's figures at a moment, in one round trip. The zero UUID is the whole
// platform's store. What nobody has bought or looked at is zeros, and no error.
func (r *Reader) Read(ctx context.Context, store event.ID, now time.Time) (Snapshot, error) {
	s := Snapshot{Store: store, Day: now.In(r.zone).Format(time.DateOnly), Minutes: make([]Minute, minutes), Products: []Ranked{}, Sources: []Ranked{}}
	day := "tiendi:day:" + s.Day + ":" + store.String()
	q := r.client.Pipeline()
	today := q.HMGet(ctx, day, fields...)
	visitors := q.PFCount(ctx, day+":visitors")
	sessions := q.HMGet(ctx, "tiendi:live:"+store.String(), "sessions")
	products := q.ZRevRangeWithScores(ctx, day+":products:views", 0, ranks-1)
	sources := q.ZRevRangeWithScores(ctx, day+":sources:views", 0, ranks-1)
	watermark := q.ZRangeWithScores(ctx, "tiendi:watermarks", 0, 0)
	first := now.Truncate(time.Minute).Add(-(minutes - 1) * time.Minute)
	of := make([]*goredis.SliceCmd, minutes)
	for i := range of {
		s.Minutes[i].Start = first.Add(time.Duration(i) * time.Minute).UTC()
		of[i] = q.HMGet(ctx, "tiendi:minute:"+strconv.FormatInt(s.Minutes[i].Start.Unix(), 10)+":"+store.String(), fields...)
	}
	if _, err := q.Exec(ctx); err != nil {
		return Snapshot{}, fmt.Errorf("live figures from Redis: %w", err)
	}
	err := errors.Join(s.Today.set(today.Val()), setNumbers(sessions.Val(), &s.Sessions))
	for i := range of {
		err = errors.Join(err, s.Minutes[i].set(of[i].Val()))
	}
	s.Visitors = visitors.Val()
	s.Products, s.Sources = ranked(s.Products, products.Val()), ranked(s.Sources, sources.Val())
	if w := watermark.Val(); len(w) > 0 {
		at := time.UnixMilli(int64(w[0].Score)).UTC()
		s.AsOf = &at
	}
	return s, err
}

func ranked(list []Ranked, members []goredis.Z) []Ranked {
	for _, m := range members {
		name, _ := m.Member.(string)
		list = append(list, Ranked{Name: sourceName(name), Views: int64(m.Score)})
	}
	return list
}

// sourceName undoes what a key needs. A name that was too long for one stays as it is, and
// so do the ids of products.
func sourceName(written string) string {
	if written == "%" {
		return ""
	}
	if name, err := url.PathUnescape(written); err == nil {
		return name
	}
	return written
}
