package sessionize

import (
	"bytes"
	"cmp"
	"encoding/binary"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// position is an event's place in the order of sessions.
type position struct {
	at int64    // Unix milliseconds
	id event.ID // shortened
}

// shortID is how many bytes of an id that was drawn are kept.
const shortID = 6

// shorten gives the id that stands for another one among the events of a visitor: of
// those that were drawn (version 4) the bytes up to the version, of all others
// themselves. In order they are as the ids are, and two that were drawn have one in
// common once in 2⁴⁸ times.
func shorten(id event.ID) event.ID {
	if id[shortID]>>4 != drawn>>4 {
		return id
	}
	short := event.ID{shortID: drawn}
	copy(short[:shortID], id[:])
	return short
}

// drawn is the byte behind those of a short id.
const drawn = 4 << 4

// isShort says whether the first bytes of an id say it all.
func isShort(id *event.ID) bool {
	return id[shortID] == drawn && [len(id) - shortID - 1]byte(id[shortID+1:]) == [len(id) - shortID - 1]byte{}
}

func (p position) compare(q position) int {
	if c := cmp.Compare(p.at, q.at); c != 0 {
		return c
	}
	return bytes.Compare(p.id[:], q.id[:])
}

// held is what sessions need of an event.
type held struct {
	position
	user     event.ID
	pageView event.ID // shortened
	money    int64    // of a purchase, in hundredths
	kind     uint32
	store    name // the id's 16 bytes
	origin   name // see appendOrigin
	page     name
}

// hold takes what is needed of an event; before is the one before it, or any other.
func (s *Sessionizer) hold(e *record.Event, before *held) held {
	h := held{
		position: position{e.Timestamp.UnixMilli(), shorten(e.EventID)},
		user:     e.UserID, pageView: shorten(e.Context.PageViewID), kind: s.rules.codes[e.Type],
	}
	s.text = append(s.text[:0], e.Context.PageURL...)
	h.page = s.names.hold(s.text, before.page)
	s.text = appendOrigin(s.text[:0], e)
	h.origin = s.names.hold(s.text, before.origin)
	if !e.StoreID.IsZero() {
		h.store = s.names.hold(e.StoreID[:], before.store)
	}
	if s.rules.kinds[h.kind].purchase {
		s.basket.Read(e.Properties)
		h.money = s.basket.Total
	}
	return h
}

func (s *Sessionizer) drop(events []held) {
	for i := range events {
		s.names.drop(events[i].store)
		s.names.drop(events[i].origin)
		s.names.drop(events[i].page)
	}
	s.events -= len(events)
}

// appendOrigin writes what a session takes from its first event, as one text.
func appendOrigin(dst []byte, e *record.Event) []byte {
	c := &e.Context
	for _, t := range [...]string{string(c.DeviceType), c.OS, c.Browser, e.Country, e.Source} {
		dst = append(binary.AppendUvarint(dst, uint64(len(t))), t...)
	}
	return dst
}

// setOrigin reads what appendOrigin wrote.
func setOrigin(s *record.Session, text string) {
	var device string
	for _, t := range [...]*string{&device, &s.OS, &s.Browser, &s.Country, &s.Source} {
		n, shift := 0, 0
		for text[0] >= 0x80 {
			n |= int(text[0]&0x7f) << shift
			shift, text = shift+7, text[1:]
		}
		n |= int(text[0]) << shift
		*t, text = text[1:1+n], text[1+n:]
	}
	s.Device = event.Device(device)
}
