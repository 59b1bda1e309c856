package broker

import (
	"context"
	"errors"
	"time"
)

// What can go wrong, for errors.Is. The errors themselves name the topic, the
// partition and what to do.
var (
	// ErrUnavailable: the broker cannot be reached or takes nothing now. Try again.
	ErrUnavailable = errors.New("the broker is not available")
	// ErrUnconfirmed: sent, but nobody knows whether it is stored.
	ErrUnconfirmed = errors.New("the broker did not confirm")
	// ErrMissing: no such topic or partition.
	ErrMissing = errors.New("no such log")
	// ErrPartitions: the topic has another number of partitions.
	ErrPartitions = errors.New("the number of partitions is fixed for a topic's life")
	// ErrHeld: another process holds the partition.
	ErrHeld = errors.New("the partition is held by another process")
	// ErrFenced: the partition is no longer held. Claim it again and read its log
	// up to the claim: what was sent last may or may not be there.
	ErrFenced = errors.New("the partition is no longer held")
	// ErrRecreated: the log is not the one that was read before.
	ErrRecreated = errors.New("the log was removed and made again")
	// ErrTrimmed: messages that were not read yet have been removed.
	ErrTrimmed = errors.New("messages were removed before they were read")
	// ErrTruncated: the log ends before what was read already.
	ErrTruncated = errors.New("the log is shorter than what was read of it")
	// ErrTooLarge: the body is larger than MaxBody.
	ErrTooLarge = errors.New("the batch is too large")
	// ErrLate: the batch is too old to be told from a doubled one.
	ErrLate = errors.New("the batch comes too late")
)

// Pauses between attempts to reach a broker that is away.
const (
	firstPause = 50 * time.Millisecond
	lastPause  = 2 * time.Second
)

// A log that seems truncated is looked at again so many times, so far apart.
const (
	lagTries = 10
	lagPause = 200 * time.Millisecond
)

// pause waits and returns the next pause to make.
func pause(ctx context.Context, d time.Duration) (time.Duration, error) {
	select {
	case <-time.After(d):
		return min(2*d, lastPause), nil
	case <-ctx.Done():
		return d, ctx.Err()
	}
}
