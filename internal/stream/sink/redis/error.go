package redis

import (
	"context"
	"errors"
	"fmt"
	"strings"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/stream/record"
)

// What can go wrong besides sink.ErrMoved, for errors.Is.
var (
	// ErrUnavailable: Redis cannot be reached, or takes nothing now. Try again.
	ErrUnavailable = errors.New("the server is not available")
	// ErrDay: a day cannot be rebuilt, because it is not over or not kept any more.
	ErrDay = errors.New("the day cannot be rebuilt")
)

// lasting are the first words of refusals that trying again does not mend.
var lasting = map[string]string{
	"NOAUTH":    "give a user and a password in its URL",
	"WRONGPASS": "user or password are wrong",
	"NOPERM":    "its user may not do this",
	"WRONGTYPE": "somebody else writes keys that begin with tiendi:",
	"ERR":       "",
}

// describe says what failed and what may help, and whether it may go by itself.
func (t *Target) describe(doing string, err error) error {
	if err == nil {
		return nil
	}
	where := fmt.Sprintf("%s in Redis at %s", doing, t.addr)
	var refused goredis.Error
	if !errors.As(err, &refused) {
		if errors.Is(err, context.Canceled) {
			return fmt.Errorf("%s: %w", where, err)
		}
		return fmt.Errorf("%s: %w: %w", where, ErrUnavailable, err)
	}
	code, _, _ := strings.Cut(refused.Error(), " ")
	if code == "SKETCH" {
		return fmt.Errorf("%s: %w: %s is no sketch of visitors", where, record.ErrFormat, strings.TrimPrefix(refused.Error(), "SKETCH "))
	}
	advice, lasts := lasting[code]
	switch {
	case !lasts: // LOADING, READONLY, MASTERDOWN, OOM, MISCONF, NOREPLICAS, BUSY, …
		return fmt.Errorf("%s: %w: %w", where, ErrUnavailable, err)
	case advice == "":
		return fmt.Errorf("%s: %w", where, err)
	}
	return fmt.Errorf("%s: %w; %s", where, err, advice)
}
