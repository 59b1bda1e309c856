package backfill

import (
	"context"
	"errors"
	"time"
)

// Cache shows the days of the warehouse; Redis is one.
type Cache interface {
	// Rewrite replaces a day's figures by the warehouse's. ErrNotYet says that
	// the streams are not done with the day, or that it is not kept any more.
	Rewrite(ctx context.Context, day time.Time) error
}

// ErrNotYet is a day that a cache cannot take.
var ErrNotYet = errors.New("the day is not over for the streams, or not kept any more")

// rewrite brings the cache's days up to date.
func (b *Backfill) rewrite(ctx context.Context) error {
	if b.Cache == nil {
		return nil
	}
	return b.eachDay(ctx, cacheStep, b.Cached, func(ctx context.Context, day Slice) (string, error) {
		err := b.Cache.Rewrite(ctx, day.From)
		if errors.Is(err, ErrNotYet) {
			return err.Error(), nil
		}
		return "", err
	})
}
