package event

import "time"

// Bounds on what is read at all, before any schema is asked.
const (
	// MaxEventBytes is how long an event may be, in bytes.
	MaxEventBytes = 256 << 10
	// MaxDepth is how deep objects and arrays may nest, the event itself being 1.
	MaxDepth = 32
	// MaxSkew is how far an event's timestamp may lie ahead of the receiver's
	// clock. The past is never refused: history is data.
	MaxSkew = 5 * time.Minute
	// maxNumber is how long a number's text may be, in bytes. Together with the
	// bound on exponents it keeps exact arithmetic cheap.
	maxNumber = 64
)

// Days that ClickHouse's Date holds in every time zone, since models group by
// such days.
var (
	oldestTime = time.Date(1970, 1, 2, 0, 0, 0, 0, time.UTC)
	newestTime = time.Date(2149, 6, 6, 0, 0, 0, 0, time.UTC)
)
