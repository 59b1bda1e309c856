package event

import "strings"

// Reason is why an event was refused. The set is closed and the names are
// stable: rejects are counted, listed and replayed by them.
type Reason string

// The reasons that there are.
const (
	MalformedJSON     Reason = "malformed_json"      // no JSON, not an object, or bytes behind it
	InvalidUTF8       Reason = "invalid_utf8"        // bytes that are no UTF-8, or half a surrogate pair
	DuplicateKey      Reason = "duplicate_key"       // an object with the same key twice
	TooLarge          Reason = "too_large"           // more bytes or more events than the bounds allow
	TooDeep           Reason = "too_deep"            // nested deeper than MaxDepth
	UnknownType       Reason = "unknown_type"        // an event_type without a schema
	MissingField      Reason = "missing_field"       // a required key is not there
	UnexpectedField   Reason = "unexpected_field"    // a key that a closed schema does not have
	WrongType         Reason = "wrong_type"          // text for a number, and the like
	InvalidValue      Reason = "invalid_value"       // out of range, not one of the values, not of the format
	TimestampInFuture Reason = "timestamp_in_future" // more than MaxSkew ahead of the clock
)

// Reasons returns all reasons, those of the whole text first.
func Reasons() []Reason {
	return []Reason{
		MalformedJSON, InvalidUTF8, DuplicateKey, TooLarge, TooDeep, UnknownType,
		MissingField, UnexpectedField, WrongType, InvalidValue, TimestampInFuture,
	}
}

// bySchema says whether a schema refused the event, and another might not.
func (r Reason) bySchema() bool {
	switch r {
	case MalformedJSON, InvalidUTF8, DuplicateKey, TooLarge, TooDeep:
		return false
	}
	return true
}

// Rejection says why an event was refused: the first thing found wrong. It
// does not hold the event's bytes, which the caller has and keeps.
type Rejection struct {
	Reason Reason
	// Pointer is the JSON pointer (RFC 6901) of the value that is wrong, or of
	// where a missing one should be; "" means the whole event.
	Pointer string
	// Detail is for people: what was wanted, and what was found. It is short,
	// whatever the event.
	Detail string
}

// Error gives reason, pointer and detail in one line.
func (r *Rejection) Error() string {
	text := string(r.Reason)
	if r.Pointer != "" {
		text += " " + r.Pointer
	}
	if r.Detail != "" {
		text += ": " + r.Detail
	}
	return text
}

// under moves the pointer below a key or an index.
func (r *Rejection) under(token string) {
	r.Pointer = "/" + pointerEscape.Replace(clipText(token)) + r.Pointer
}

var pointerEscape = strings.NewReplacer("~", "~0", "/", "~1")

// maxShown bounds what errors show of an event, in bytes.
const maxShown = 80

// clipText keeps a hostile key or value from filling an error message.
func clipText(text string) string {
	if len(text) <= maxShown {
		return text
	}
	return strings.ToValidUTF8(text[:maxShown], "") + "…"
}
