package redis

import "time"

// Config is how to reach Redis, and whose days it shows.
type Config struct {
	// URL is as cache.Options takes it.
	URL string
	// Zone is the platform's time zone; nil is UTC.
	Zone *time.Location
}
