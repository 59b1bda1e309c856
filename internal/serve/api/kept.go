package api

import (
	"context"
	"errors"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/cache"
)

const (
	// answersFor is how long answers are kept. They are never out of date, since their
	// names have the version of the data in them: it only bounds the room they take.
	answersFor = 15 * time.Minute
	// answersWithin bounds the look: a slow Redis must not be slower than the warehouse.
	answersWithin = 200 * time.Millisecond
	answersPrefix = "tiendi:answer:"
)

// RedisAnswers keeps answers in Redis, for all servers together.
type RedisAnswers struct{ client *goredis.Client }

// NewRedisAnswers makes one of the Redis at a URL, as cache.Options takes it. It connects
// when it is first used.
func NewRedisAnswers(address string) (*RedisAnswers, error) {
	options, err := cache.Options(address)
	if err != nil {
		return nil, err
	}
	return &RedisAnswers{goredis.NewClient(options)}, nil
}

// Close hangs up.
func (r *RedisAnswers) Close() error { return r.client.Close() }

// Get implements Answers.
func (r *RedisAnswers) Get(ctx context.Context, key string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, answersWithin)
	defer cancel()
	body, err := r.client.Get(ctx, answersPrefix+key).Bytes()
	if errors.Is(err, goredis.Nil) {
		return nil, nil
	}
	return body, err
}

// Put implements Answers.
func (r *RedisAnswers) Put(ctx context.Context, key string, answer []byte) error {
	ctx, cancel := context.WithTimeout(ctx, answersWithin)
	defer cancel()
	return r.client.Set(ctx, answersPrefix+key, answer, answersFor).Err()
}
