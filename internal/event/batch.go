package event

import (
	"bytes"
	"iter"
	"strconv"
	"time"
)

// Limits bound a batch; zero values stand for DefaultLimits.
type Limits struct {
	Bytes  int // of the whole body
	Events int
}

// DefaultLimits are those of a request to a collector.
var DefaultLimits = Limits{Bytes: 8 << 20, Events: 10_000}

// Part is one event of a batch, or what of a batch cannot be cut into events.
type Part struct {
	Index int    // from 0
	Line  int    // of the body, where the event begins, from 1
	Raw   []byte // the event's bytes, a slice of the body
	// Rejection is not nil where the batch itself is at fault: Raw is then all
	// that is left of it, and nothing follows.
	Rejection *Rejection
}

// Result is a Part that has been parsed: Event counts where Rejection is nil.
type Result struct {
	Part
	Event BaseEvent
}

// ParseBatch splits a body and parses each of its events. from may be nil; its
// Index is set for each event. What holds for raw in Parse holds for body.
func (r *Registry) ParseBatch(body []byte, now time.Time, from *Origin, most Limits) iter.Seq[Result] {
	return func(yield func(Result) bool) {
		if from != nil {
			origin := *from
			from = &origin
		}
		for part := range Split(body, most) {
			result := Result{Part: part}
			if part.Rejection == nil {
				if from != nil {
					from.Index = part.Index
				}
				result.Event, result.Rejection = r.ParseFrom(part.Raw, now, from)
			}
			if !yield(result) {
				return
			}
		}
	}
}

// Split cuts a body into its events: one event, which may span lines, an array
// of events, or NDJSON, one event a line, blank lines aside. It looks at
// strings and brackets only, so that an event that is no JSON costs no other
// one. Every byte that is not blank lands in a part: nothing is lost silently.
func Split(body []byte, most Limits) iter.Seq[Part] {
	if most.Bytes == 0 {
		most.Bytes = DefaultLimits.Bytes
	}
	if most.Events == 0 {
		most.Events = DefaultLimits.Events
	}
	return func(yield func(Part) bool) {
		s := splitter{rest: bytes.TrimPrefix(body, []byte(byteOrderMark)), line: 1, most: most, yield: yield}
		s.blank()
		switch {
		case len(body) > most.Bytes:
			s.refuse(TooLarge, strconv.Itoa(len(body))+" bytes, and "+strconv.Itoa(most.Bytes)+" is the most")
		case len(s.rest) == 0:
			s.refuse(MalformedJSON, "there is no event")
		case s.rest[0] == '[':
			s.array()
		case spansLines(s.rest) && len(bytes.TrimSpace(s.rest[valueEnd(s.rest):])) == 0:
			s.emit(len(s.rest))
		default:
			s.lines()
		}
	}
}

const byteOrderMark = "\xef\xbb\xbf"

// Lines says whether a body that begins like this is NDJSON, one event a line.
// Otherwise it is an array, or one event that spans lines.
func Lines(beginning []byte) bool {
	beginning = bytes.TrimLeft(bytes.TrimPrefix(beginning, []byte(byteOrderMark)), " \t\r\n")
	return (len(beginning) == 0 || beginning[0] != '[') && !spansLines(beginning)
}

// spansLines says whether the object that text begins with does.
func spansLines(text []byte) bool {
	end := valueEnd(text)
	return end >= 0 && bytes.IndexByte(text[:end], '\n') >= 0
}
