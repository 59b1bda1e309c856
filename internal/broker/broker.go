package broker

import "context"

// Broker is what a driver implements. It is safe for concurrent use. Calls connect
// when they have to and do not try twice: a broker that is away is ErrUnavailable.
type Broker interface {
	// Declare makes the topic if there is none. One with another number of
	// partitions is ErrPartitions.
	Declare(ctx context.Context, t Topic) error
	// Open gives a partition of a topic; ErrMissing if there is no such thing.
	Open(ctx context.Context, topic string, partition int) (Log, error)
	// Claim makes this process the only writer of a partition; ErrHeld while
	// another one is. It writes a claim record by that producer and returns once it
	// stands in the log. Epochs grow with each claim and never repeat. Use the
	// function Claim, which numbers batches.
	Claim(ctx context.Context, topic string, partition int, producer string) (epoch uint64, h Holder, err error)
}

// Log is one partition. It is safe for concurrent use.
type Log interface {
	// Bounds says which log this is and what it holds.
	Bounds(ctx context.Context) (Bounds, error)
	// Append stores messages in order and returns when the broker has confirmed all
	// of them. After an error any of them may be stored. Use Producer, which
	// numbers them so that they may be sent again.
	Append(ctx context.Context, messages ...Message) error
	// Read starts at the first message whose offset is not below from. Use the
	// function Read, which sees when messages are missing.
	Read(ctx context.Context, from uint64) (Cursor, error)
}

// Cursor reads messages in order, no faster than they are asked for. It is not safe
// for concurrent use. After an error other than the context's it is of no more use.
type Cursor interface {
	// Next waits for the next message.
	Next(ctx context.Context) (Stored, error)
	Close() error
}

// Holder is a claimed partition, bound to the one connection that holds it.
type Holder interface {
	// Append is Log's, and ErrFenced when the partition is no longer held.
	Append(ctx context.Context, messages ...Message) error
	// Lost is closed when the partition is no longer held.
	Lost() <-chan struct{}
	// Close gives the partition back.
	Close() error
}

// Bounds is what a log holds. Offsets only grow, but not always by one, so nothing
// may be computed from them.
type Bounds struct {
	// ID is this log's own: a topic that was removed and made again has others.
	ID string
	// First is the offset below which everything may have been removed.
	First uint64
	// Next is above the offset of every message confirmed before the call.
	Next uint64
}
