package cache

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	goredis "github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// The client also writes each attempt that failed to standard error, between lines that are
// JSON or somebody's terminal. Whoever asked gets the error anyway.
func init() { logging.Disable() }

// Timeouts, where the URL sets none. answerTimeout allows for a script that rewrites a day,
// and is ahead of us.
const (
	dialTimeout   = 5 * time.Second
	answerTimeout = 15 * time.Second
)

// Options are a client's for a URL: redis:// or rediss://user:password@host:6379/database,
// or unix://user:password@/path/to/socket?db=database. Errors never show it. A command is
// never sent twice.
func Options(address string) (*goredis.Options, error) {
	options, err := goredis.ParseURL(address)
	if err != nil {
		// net/url shows the whole text, with the password in it.
		var bad *url.Error
		if errors.As(err, &bad) {
			err = bad.Err
		}
		return nil, fmt.Errorf("the URL of Redis cannot be read: %w; it is like rediss://user:password@host:6379/0", err)
	}
	options.DialTimeout = orElse(options.DialTimeout, dialTimeout)
	options.ReadTimeout = orElse(options.ReadTimeout, answerTimeout)
	options.WriteTimeout = orElse(options.WriteTimeout, answerTimeout)
	options.ContextTimeoutEnabled = true
	// A command whose answer was lost may have been done: the caller has to ask
	// where the target is before it goes on, and does that anyway.
	options.MaxRetries, options.DialerRetries = -1, 1
	options.ClientName = "tiendi"
	options.MaintNotificationsConfig = &maintnotifications.Config{Mode: maintnotifications.ModeDisabled}
	return options, nil
}

func orElse(set, otherwise time.Duration) time.Duration {
	if set == 0 {
		return otherwise
	}
	return set
}
