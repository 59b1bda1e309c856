package event

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
)

// Origin is what a receiver knows of an event besides its bytes.
type Origin struct {
	// IdempotencyKey is the request's header; "" where it has none. Events
	// without an event_id get theirs from it and Index, so that a request that
	// is sent again gives the same ids whatever its bytes.
	IdempotencyKey string
	// Index is the event's place in its request, from 0.
	Index int
	// IP and UserAgent are of the connection. They stand in where the event
	// says nothing itself: a browser does not know its own address.
	IP, UserAgent string
	// EventID is for an event that names none, instead of one that is derived: it
	// was derived before from bytes that are no longer there. Zero to derive it.
	EventID ID
}

// DeriveID is the id that ParseFrom derives from the bytes of an event that names
// none, for one that it refuses.
func (r *Registry) DeriveID(raw []byte) ID {
	w := walker{}
	if w.begin(raw) == nil {
		w.event(r.any) // as far as it comes, for the sent_at
	}
	return w.derivedID(nil)
}

// derivedID is of the event that was walked.
func (w *walker) derivedID(from *Origin) ID {
	return deriveID(bytes.TrimSpace(w.Raw[:w.sentAtText.start]), bytes.TrimSpace(w.Raw[w.sentAtText.end:]), from)
}

// deriveID makes the id of an event that came without one: a UUID of version 8
// (RFC 9562) out of SHA-256. The event's bytes come without its sent_at, which is
// another one when it is sent again.
func deriveID(before, behind []byte, from *Origin) ID {
	if from != nil && !from.EventID.IsZero() {
		return from.EventID
	}
	hash := sha256.New()
	if from != nil && from.IdempotencyKey != "" {
		hash.Write([]byte("tiendi event by idempotency key\x00"))
		hash.Write([]byte(from.IdempotencyKey))
		var index [8]byte
		binary.BigEndian.PutUint64(index[:], uint64(from.Index))
		hash.Write(index[:])
	} else {
		hash.Write([]byte("tiendi event by bytes\x00"))
		hash.Write(before)
		hash.Write(behind)
	}
	var sum [sha256.Size]byte
	id := ID(hash.Sum(sum[:0])[:16])
	id[6] = id[6]&0x0f | 0x80
	id[8] = id[8]&0x3f | 0x80
	return id
}
