package collect

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/event"
)

// maxRaw is how much is kept of what was refused, in bytes.
const maxRaw = 1 << 20

// Reject is an event that was refused, as it goes into its topic: all that is
// needed to list it, and to take it in again by the same way once a schema or a
// mapping is mended.
type Reject struct {
	// ID is the same when the same bytes are refused again.
	ID       event.ID
	Received time.Time
	Source   string // who sent it, by write key or webhook
	Path     string // of the endpoint
	Origin   event.Origin
	event.Rejection
	Kind  string // of a webhook's delivery
	Batch *batch // of a message that came in one
	Raw   []byte
	Bytes int // of Raw before it was cut
}

// rejectSpace is the name space of rejects' ids.
var rejectSpace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://tiendi.example/rejected"))

// newReject keeps what was refused. Addresses in it are anonymised.
func newReject(schemas *event.Registry, c *call, raw []byte, index int, why event.Rejection) *Reject {
	kept := anonymiseRaw(raw)
	r := &Reject{
		ID: event.ID(uuid.NewSHA1(rejectSpace, kept)), Received: c.now,
		Source: c.source, Path: c.r.URL.Path, Origin: c.origin, Rejection: why,
		Kind: c.kind, Batch: c.batch, Raw: kept, Bytes: len(kept),
	}
	r.Origin.Index = index
	if !bytes.Equal(raw, kept) {
		r.Origin.EventID = r.idByBytes(schemas, raw)
	}
	return r
}

// idByBytes is the id of an event that its bytes are all there is to tell it by,
// zero where there is more.
func (r *Reject) idByBytes(schemas *event.Registry, raw []byte) event.ID {
	switch {
	case strings.HasPrefix(r.Path, pathWebhooks):
		return deliveryID(r.Source, raw)
	case r.Origin.IdempotencyKey != "":
		return event.ID{}
	case r.Path == pathEvents:
		return schemas.DeriveID(raw)
	}
	return idOf(string(raw))
}

// appendJSON writes the record as one line:
//
//	{"reject_id":…,"received_at":…,"source":…,"path":…,"reason":…,"pointer":…,"detail":…,
//	 "origin":{"ip":…,"user_agent":…,"idempotency_key":…,"index":…,"derived_id":…},
//	 "kind":…,"batch":{"sent_at":…,"context":…,"cut":…},"bytes":…,"raw":…}
//
// raw is text, or raw_base64 where the bytes are no text; it is cut at maxRaw,
// and bytes says how long it was. derived_id is there where addresses were cut out of
// raw, kind for deliveries of webhooks, batch for messages of Segment's /v1/batch.
func (r *Reject) appendJSON(b []byte) []byte {
	b = append(event.AppendID(append(b, `{"reject_id":"`...), r.ID), `","received_at":"`...)
	b = append(event.AppendTime(b, r.Received), `","source":`...)
	b = append(event.AppendString(b, r.Source), `,"path":`...)
	b = append(event.AppendString(b, r.Path), `,"reason":`...)
	b = append(event.AppendString(b, string(r.Reason)), `,"pointer":`...)
	b = append(event.AppendString(b, r.Pointer), `,"detail":`...)
	b = append(event.AppendString(b, r.Detail), `,"origin":{"ip":`...)
	b = append(event.AppendString(b, r.Origin.IP), `,"user_agent":`...)
	b = append(event.AppendString(b, r.Origin.UserAgent), `,"idempotency_key":`...)
	b = append(event.AppendString(b, r.Origin.IdempotencyKey), `,"index":`...)
	b = strconv.AppendInt(b, int64(r.Origin.Index), 10)
	if !r.Origin.EventID.IsZero() {
		b = append(event.AppendID(append(b, `,"derived_id":"`...), r.Origin.EventID), '"')
	}
	b = append(b, '}')
	if r.Kind != "" {
		b = event.AppendString(append(b, `,"kind":`...), r.Kind)
	}
	if r.Batch != nil {
		b = r.Batch.appendJSON(append(b, `,"batch":`...))
	}
	b = strconv.AppendInt(append(b, `,"bytes":`...), int64(r.Bytes), 10)
	return r.appendRaw(b)
}

// appendRaw writes the last member, and closes the object.
func (r *Reject) appendRaw(b []byte) []byte {
	raw := r.Raw[:min(len(r.Raw), maxRaw)]
	if len(raw) < len(r.Raw) {
		for len(raw) > 0 && !utf8.RuneStart(r.Raw[len(raw)]) {
			raw = raw[:len(raw)-1] // not inside a character
		}
	}
	if utf8.Valid(raw) && controls(raw) < len(raw)/16 {
		return append(event.AppendString(append(b, `,"raw":`...), string(raw)), '}')
	}
	b = base64.StdEncoding.AppendEncode(append(b, `,"raw_base64":"`...), raw)
	return append(b, `"}`...)
}

// controls counts the bytes that JSON writes as six.
func controls(raw []byte) (n int) {
	for _, c := range raw {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			n++
		}
	}
	return n
}
