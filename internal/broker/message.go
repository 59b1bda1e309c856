package broker

import (
	"fmt"
	"strconv"
	"strings"
)

// MaxBody bounds the body of a message: 4 MiB, which is 5,000 events and more.
const MaxBody = 4 << 20

// HeaderName is the header of a broker's message that Header.String goes into.
const HeaderName = "tiendi"

// Kind says what a message is for.
type Kind string

// Kinds of messages. Readers get batches and claims and never see the others.
const (
	KindBatch Kind = ""      // events
	KindClaim Kind = "claim" // its epoch begins here
	KindBid   Kind = "bid"   // a claim in the making; the driver's own
	KindBirth Kind = "birth" // the log's first message; the driver's own
)

// Header goes with each message. A message without one, by another program, has the
// zero Header and is read as it is.
type Header struct {
	Kind     Kind
	Producer string // who numbered the batch
	Sequence uint64 // the batch's number of that producer and partition, from 1
	Epoch    uint64 // of the claim that it was written under, 0 without one
	Count    int    // events in the body
	// Trace is W3C's traceparent of the span that wrote the message, "" where it is
	// not traced. Readers of earlier releases pass it over.
	Trace string
}

// Message is what is appended: many events as one body.
type Message struct {
	Header
	Body []byte
}

// Stored is a message at its place in a log.
type Stored struct {
	Message
	Offset uint64
	Packed Packed // its body, where the broker keeps it smaller
}

// CheckSize refuses a body that is too large, with ErrTooLarge.
func (m Message) CheckSize() error {
	if len(m.Body) > MaxBody {
		return fmt.Errorf("%w: %d bytes in one message, %d are allowed; split it", ErrTooLarge, len(m.Body), MaxBody)
	}
	return nil
}

// String is the header as it travels, readable and parsed by ParseHeader:
//
//	producer=c0ffee sequence=12 epoch=7 count=100 kind=claim traceparent=00-…-01
func (h Header) String() string {
	b := make([]byte, 0, 96)
	b = append(append(b, "producer="...), h.Producer...)
	b = strconv.AppendUint(append(b, " sequence="...), h.Sequence, 10)
	b = strconv.AppendUint(append(b, " epoch="...), h.Epoch, 10)
	b = strconv.AppendInt(append(b, " count="...), int64(h.Count), 10)
	if h.Kind != KindBatch {
		b = append(append(b, " kind="...), h.Kind...)
	}
	if h.Trace != "" {
		b = append(append(b, " traceparent="...), h.Trace...)
	}
	return string(b)
}

// ParseHeader reads what String wrote; fields it does not know belong to a later
// release and are passed over. Anything else is no header of ours: the zero Header.
func ParseHeader(s string) Header {
	var h Header
	for field := range strings.FieldsSeq(s) {
		name, value, ok := strings.Cut(field, "=")
		if !ok || h.set(name, value) != nil {
			return Header{}
		}
	}
	return h
}

func (h *Header) set(name, value string) (err error) {
	switch name {
	case "producer":
		h.Producer = value
	case "sequence":
		h.Sequence, err = strconv.ParseUint(value, 10, 64)
	case "epoch":
		h.Epoch, err = strconv.ParseUint(value, 10, 64)
	case "count":
		h.Count, err = strconv.Atoi(value)
	case "kind":
		h.Kind = Kind(value)
	case "traceparent":
		h.Trace = value
	}
	return err
}
