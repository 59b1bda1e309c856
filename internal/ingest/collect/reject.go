package collect

import (
	"encoding/base64"
	"regexp"
	"strconv"
	"sync"
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
	Raw []byte
}

// rejectSpace is the name space of rejects' ids.
var rejectSpace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://tiendi.example/rejected"))

// newReject keeps what was refused. Addresses in it are anonymised.
func newReject(c *call, raw []byte, index int, why event.Rejection) *Reject {
	raw = anonymiseRaw(raw)
	r := &Reject{
		ID: event.ID(uuid.NewSHA1(rejectSpace, raw)), Received: c.now,
		Source: c.source, Path: c.r.URL.Path, Origin: c.origin, Rejection: why, Raw: raw,
	}
	r.Origin.Index = index
	return r
}

// appendJSON writes the record as one line:
//
//	{"reject_id":…,"received_at":…,"source":…,"path":…,"reason":…,"pointer":…,"detail":…,
//	 "origin":{"ip":…,"user_agent":…,"idempotency_key":…,"index":…},"bytes":…,"raw":…}
//
// raw is text, or raw_base64 where the bytes are no text; it is cut at maxRaw,
// and bytes says how long it was.
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
	b = append(strconv.AppendInt(b, int64(r.Origin.Index), 10), `},"bytes":`...)
	b = strconv.AppendInt(b, int64(len(r.Raw)), 10)
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

// Both are compiled where they are first needed, so that no other command pays
// for them at its start.
var (
	// ipMember is a key that holds an address, and its text as far as it goes:
	// what was refused may be no JSON.
	ipMember = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`("(?i:[a-z_]*ip|ip_?address)"\s*:\s*")([^"]*)`) })
	// addressText is a string that may be an address, under whatever key.
	addressText = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`"[0-9A-Fa-f:.]{3,45}(?:%[0-9A-Za-z]+)?"`) })
)

// anonymiseRaw cuts the addresses in bytes that nothing is known of.
func anonymiseRaw(raw []byte) []byte {
	raw = ipMember().ReplaceAllFunc(raw, func(m []byte) []byte {
		parts := ipMember().FindSubmatch(m)
		return event.AppendAnonymousIP(append([]byte(nil), parts[1]...), parts[2])
	})
	return addressText().ReplaceAllFunc(raw, func(m []byte) []byte {
		cut := event.AppendAnonymousIP([]byte{'"'}, m[1:len(m)-1])
		if len(cut) == 1 {
			return m
		}
		return append(cut, '"')
	})
}
