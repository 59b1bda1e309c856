package rabbitmq

import (
	"sync"

	"github.com/klauspost/compress/s2"

	"github.com/tiendi/tiendi/internal/broker"
)

// A message travels and is kept packed: RabbitMQ's work and the log's disk grow with
// the bytes, and events of one batch say much of the same. Its content encoding says
// so, and a message without one is read as it is.
const (
	packedAs = "s2" // github.com/klauspost/compress/s2, which reads Snappy's blocks too
	// packFrom is the least body that is worth it.
	packFrom = 512
)

// packs are buffers for bodies under way: amqp091 has copied one when publishing returns.
var packs = sync.Pool{New: func() any { return new([]byte) }}

// pack writes a body into a buffer, and says how it is encoded: "" where packing
// would not make it smaller, and the body is to be sent.
func pack(buffer *[]byte, body []byte) (packed []byte, encoding string) {
	if len(body) < packFrom {
		return body, ""
	}
	if room := s2.MaxEncodedLen(len(body)); cap(*buffer) < room {
		*buffer = make([]byte, room)
	}
	packed = s2.Encode((*buffer)[:cap(*buffer)], body)
	if len(packed) >= len(body) {
		return body, ""
	}
	return packed, packedAs
}

// unpack gives the body of a delivery, and what to hold of it, the zero Packed for the body
// itself. What is no such encoding, or larger than a message may be, stays as it is:
// nobody's format, which whoever reads it refuses.
func unpack(body []byte, encoding string) (plain []byte, held broker.Packed) {
	if encoding != packedAs {
		return body, held
	}
	if n, err := s2.DecodedLen(body); err != nil || n > broker.MaxBody {
		return body, held
	}
	plain, err := s2.Decode(nil, body)
	switch {
	case err != nil:
		return body, held
	case len(plain) <= len(body):
		return plain, held
	}
	return plain, broker.Pack(plain, body, again)
}

// again unpacks what was unpacked before.
func again(buffer, body []byte) []byte {
	plain, _ := s2.Decode(buffer[:cap(buffer)], body)
	return plain
}
