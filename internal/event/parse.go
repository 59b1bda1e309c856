package event

import (
	"bytes"
	"strconv"
	"time"
	"unicode/utf8"

	"github.com/tiendi/tiendi/internal/jsonscan"
)

// Parse reads one event and checks it against its type's schema, and its
// timestamp against now. Where it is refused, the BaseEvent is empty.
//
// The event's Properties and the texts of its Context are parts of raw: keep raw as
// it is for as long as the event is used, and copy a text that is to outlive it, which
// would hold all of raw in memory. A missing event_id is derived from the bytes, and a
// server event's missing session_id is its event_id.
func (r *Registry) Parse(raw []byte, now time.Time) (BaseEvent, *Rejection) {
	return r.ParseFrom(raw, now, nil)
}

// ParseFrom is Parse for a receiver that knows more of the event than its
// bytes, and takes it at now, by which an event's sent_at corrects its timestamp.
// from may be nil: what is read from a file was received long ago.
func (r *Registry) ParseFrom(raw []byte, now time.Time, from *Origin) (BaseEvent, *Rejection) {
	w := walker{from: from}
	if rejection := w.begin(raw); rejection != nil {
		return BaseEvent{}, rejection
	}
	c := r.walk(&w)
	if c == nil {
		return BaseEvent{}, w.rejection
	}
	if c.schema != nil {
		if rejection := c.validate(raw, from); rejection != nil {
			return BaseEvent{}, rejection
		}
	}
	if from != nil {
		w.timestamp = Happened(w.timestamp, w.sentAt, now)
	}
	if skew := w.timestamp.Sub(now); skew > MaxSkew {
		return BaseEvent{}, &Rejection{Reason: TimestampInFuture, Pointer: "/timestamp",
			Detail: skew.Truncate(time.Second).String() + " ahead of the clock, and " + MaxSkew.String() + " is the most"}
	}
	ev := BaseEvent{Type: c.name}
	w.fill(&ev)
	if ev.EventID.IsZero() {
		ev.EventID = w.derivedID(from)
	}
	if ev.SessionID.IsZero() {
		ev.SessionID = ev.EventID
	}
	return ev, nil
}

// begin checks what holds for all bytes at once.
func (w *walker) begin(raw []byte) *Rejection {
	if len(raw) > MaxEventBytes {
		return &Rejection{Reason: TooLarge, Detail: "more than " + strconv.Itoa(MaxEventBytes) + " bytes"}
	}
	control, high := jsonscan.Bytes(raw)
	if high && !utf8.Valid(raw) {
		return &Rejection{Reason: InvalidUTF8, Detail: "at byte " + strconv.Itoa(badByte(raw)+1)}
	}
	w.Raw = raw
	w.Simple = !control && bytes.IndexByte(raw, '\\') < 0
	return nil
}

// badByte is where text stops being UTF-8.
func badByte(text []byte) int {
	at := 0
	for at < len(text) {
		r, size := utf8.DecodeRune(text[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	return at
}

// walk checks the event by its type's node, and gives the type's contract, or
// nil for an event that is refused. The type is guessed first, since nothing
// else says which node to walk by; a wrong guess costs a second walk.
func (r *Registry) walk(w *walker) *contract {
	guess := r.guess(w.Raw)
	if guess != nil {
		if w.event(guess.walks) {
			return guess
		}
		if w.name != nil && !w.otherType {
			return nil // the guess was right, and so is the rejection
		}
		w.again()
	}
	if !w.event(r.any) && (w.name == nil || !w.rejection.Reason.bySchema()) {
		return nil
	}
	c := r.types[string(w.name)]
	if c == nil {
		w.fail(UnknownType, "there is no schema for "+shown(w.name))
		w.below("event_type")
		return nil
	}
	w.again()
	if w.event(c.walks) {
		return c
	}
	return nil
}

func (w *walker) again() {
	*w = walker{from: w.from, scanner: scanner{jsonscan.Scanner{Raw: w.Raw, Simple: w.Simple}}}
}

// guess takes the text behind the first "event_type" for the type's name.
func (r *Registry) guess(raw []byte) *contract {
	const key = `"event_type"`
	at := bytes.Index(raw, []byte(key))
	if at < 0 {
		return nil
	}
	s := scanner{jsonscan.Scanner{Raw: raw, Pos: at + len(key), Simple: true}}
	s.Space()
	if !s.Take(':') {
		return nil
	}
	s.Space()
	name, ok := s.Str()
	if !ok {
		return nil
	}
	return r.types[string(name)]
}
