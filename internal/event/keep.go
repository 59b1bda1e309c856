package event

import (
	"bytes"
	"time"
	"unsafe"
)

// slot is a place in a BaseEvent.
type slot uint8

const (
	slotNone slot = iota
	slotEventID
	slotType
	slotTimestamp
	slotSessionID
	slotUserID
	slotStoreID
	slotPageViewID
	slotContext
	slotProperties
	slotSentAt
	slotIP // from here on: texts of the context
	slotUserAgent
	slotReferrer
	slotPageURL
	slotDevice
	slotOS
	slotBrowser
	slotCount
)

// slots says where in an event the values lie that are kept.
var slots = []struct {
	slot slot
	path []string
}{
	{slotEventID, []string{"event_id"}},
	{slotType, []string{"event_type"}},
	{slotTimestamp, []string{"timestamp"}},
	{slotSentAt, []string{"sent_at"}},
	{slotSessionID, []string{"session_id"}},
	{slotUserID, []string{"user_id"}},
	{slotContext, []string{"context"}},
	{slotProperties, []string{"properties"}},
	{slotStoreID, []string{"properties", "store_id"}},
	{slotIP, []string{"context", "ip"}},
	{slotUserAgent, []string{"context", "user_agent"}},
	{slotReferrer, []string{"context", "referrer"}},
	{slotPageURL, []string{"context", "page_url"}},
	{slotDevice, []string{"context", "device_type"}},
	{slotOS, []string{"context", "os"}},
	{slotBrowser, []string{"context", "browser"}},
	{slotPageViewID, []string{"context", "page_view_id"}},
}

// span is a part of the raw text.
type span struct{ start, end int }

// text is a string of the context: a part of the raw text, or copied where it
// had escapes.
type text struct {
	span
	copied string
}

// kept is what a walk found for a BaseEvent.
type kept struct {
	ids        [slotContext]ID
	timestamp  time.Time
	sentAt     time.Time // zero where the event does not say it
	sentAtText span
	texts      [slotCount - slotIP]text
	context    span
	properties span
	name       []byte // event_type
	otherType  bool   // event_type was not the one that the node is for
}

// keepText parses a string of a format, and keeps it where it has a slot.
func (w *walker) keepText(n *node, s []byte, at span, escaped bool) bool {
	switch {
	case n.format == formatUUID:
		id, ok := parseID(s)
		if !ok {
			return w.fail(InvalidValue, shown(s)+" is no UUID")
		}
		if n.keep != slotNone {
			w.ids[n.keep] = id
		}
	case n.format == formatDateTime:
		t, ok := parseTimestamp(s)
		if !ok {
			return w.fail(InvalidValue, shown(s)+" is no RFC 3339 time with a zone between 1970-01-02 and 2149-06-06")
		}
		switch n.keep {
		case slotTimestamp:
			w.timestamp = t
		case slotSentAt:
			w.sentAt, w.sentAtText = t, at
		}
	case n.keep == slotType:
		w.name = s
	case n.keep >= slotIP && escaped:
		w.texts[n.keep-slotIP] = text{copied: string(s)}
	case n.keep >= slotIP:
		w.texts[n.keep-slotIP] = text{span: at}
	}
	return true
}

func (w *walker) keepObject(at slot, start int) {
	switch at {
	case slotContext:
		w.context = span{start, w.Pos}
	case slotProperties:
		w.properties = span{start, w.Pos}
	}
}

// known says whether the receiver knows what the event does not say.
func (w *walker) known(at slot) bool {
	return w.from != nil && (at == slotIP && w.from.IP != "" || at == slotUserAgent && w.from.UserAgent != "")
}

// fill makes the event of what was kept.
func (w *walker) fill(ev *BaseEvent) {
	ev.EventID, ev.SessionID = w.ids[slotEventID], w.ids[slotSessionID]
	ev.UserID, ev.StoreID = w.ids[slotUserID], w.ids[slotStoreID]
	ev.Timestamp = w.timestamp
	ev.Properties = oneLine(w.Raw[w.properties.start:w.properties.end:w.properties.end])
	w.fillContext(&ev.Context)
	if w.known(slotIP) && ev.Context.IP == "" {
		ev.Context.IP = w.from.IP
	}
	if w.known(slotUserAgent) && ev.Context.UserAgent == "" {
		ev.Context.UserAgent = w.from.UserAgent
	}
}

// fillContext makes strings that are parts of the bytes, as the properties are: a copy
// was half of what parsing an event allocates.
func (w *walker) fillContext(c *Context) {
	base := w.context.start
	whole := unsafe.String(unsafe.SliceData(w.Raw[base:]), w.context.end-base)
	get := func(at slot) string {
		t := &w.texts[at-slotIP]
		if t.end == 0 {
			return t.copied
		}
		return whole[t.start-base : t.end-base]
	}
	c.IP, c.UserAgent, c.Referrer = get(slotIP), get(slotUserAgent), get(slotReferrer)
	c.PageURL, c.DeviceType = get(slotPageURL), Device(get(slotDevice))
	c.OS, c.Browser = get(slotOS), get(slotBrowser)
	c.PageViewID = w.ids[slotPageViewID]
}

// oneLine keeps properties as they are, but for newlines between their values,
// which become blanks: an event is a line wherever it is written.
func oneLine(object []byte) []byte {
	if bytes.IndexByte(object, '\n') < 0 && bytes.IndexByte(object, '\r') < 0 {
		return object
	}
	object = bytes.ReplaceAll(object, []byte("\n"), []byte(" "))
	return bytes.ReplaceAll(object, []byte("\r"), []byte(" "))
}
