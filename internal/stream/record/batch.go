package record

import (
	"encoding/binary"

	"github.com/tiendi/tiendi/internal/event"
)

// AppendBatch writes a batch. Header first, so that AppendEvent may be used as
// events come: a batch is its head and its events.
func AppendBatch(dst []byte, b *Batch) []byte {
	dst = AppendHead(dst, b, len(b.Events))
	for i := range b.Events {
		dst = AppendEvent(dst, &b.Events[i])
	}
	return dst
}

// AppendHead writes what comes before a batch's events, and how many they are.
func AppendHead(dst []byte, b *Batch, events int) []byte {
	dst = append(dst, version, byte(b.Kind))
	dst = appendTime(dst, b.At)
	dst = appendText(dst, b.Source.Log)
	dst = binary.AppendUvarint(dst, b.Source.Next)
	dst = binary.AppendUvarint(dst, b.Source.Prev)
	dst = appendText(dst, b.Run)
	return binary.AppendUvarint(dst, uint64(events))
}

// AppendEvent writes one event.
func AppendEvent(dst []byte, e *Event) []byte {
	dst = appendFlags(dst, e.Bot, e.Unsettled)
	dst = appendIDs(dst, e.EventID, e.SessionID, e.UserID, e.StoreID, e.Context.PageViewID)
	dst = appendTime(dst, e.Timestamp)
	c := &e.Context
	for _, s := range [...]string{
		string(e.Type), c.IP, c.UserAgent, c.Referrer, c.PageURL,
		string(c.DeviceType), c.OS, c.Browser, e.Country, e.Source,
	} {
		dst = appendText(dst, s)
	}
	return appendBytes(dst, e.Properties)
}

// ReadBatch reads a batch into b, using b's Events again. Strings and Properties are
// parts of the body itself, which must stay as it is. An error is ErrFormat.
func ReadBatch(body []byte, b *Batch) error {
	r := newReader(body)
	n, err := r.head(b)
	if err != nil {
		return err
	}
	if cap(b.Events) < n {
		b.Events = make([]Event, n)
	}
	b.Events = b.Events[:n]
	for i := range b.Events {
		r.event(&b.Events[i])
	}
	return r.err("an enriched batch")
}

// ReadHead reads what comes before a batch's events into b, and how many they are.
// The same holds for the body and the error.
func ReadHead(body []byte, b *Batch) (events int, err error) {
	r := newReader(body)
	if events, err = r.head(b); err == nil && r.bad {
		err = r.err("an enriched batch")
	}
	return events, err
}

func (r *reader) head(b *Batch) (events int, err error) {
	if err := r.version("an enriched batch"); err != nil {
		return 0, err
	}
	b.Kind, b.At = Kind(r.byte()), r.time()
	b.Source = Source{Log: r.str(), Next: r.uint(), Prev: r.uint()}
	b.Run = r.str()
	return r.count(leastEvent), nil
}

func (r *reader) event(e *Event) {
	r.flags(&e.Bot, &e.Unsettled)
	r.ids(&e.EventID, &e.SessionID, &e.UserID, &e.StoreID, &e.Context.PageViewID)
	e.Timestamp = r.time()
	c := &e.Context
	e.Type = event.Type(r.str())
	c.IP, c.UserAgent, c.Referrer, c.PageURL = r.str(), r.str(), r.str(), r.str()
	c.DeviceType, c.OS, c.Browser = event.Device(r.str()), r.str(), r.str()
	e.Country, e.Source = r.str(), r.str()
	e.Properties = r.bytes()
}
