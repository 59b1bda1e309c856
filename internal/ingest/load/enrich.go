package load

import (
	"unsafe"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/event/enrich"
)

// enriching fills the columns of an event that follow from the others, as the
// streams do. Each worker has its own.
type enriching struct {
	with *enrich.Enricher

	// Indexes of columns: the texts that are read, those that are completed, and
	// those that are made.
	agent, referrer, page   int
	ip, device, os, browser int
	country, source, bot    int

	made []byte // the texts that are made
}

func newEnriching(t *Table, with *enrich.Enricher) *enriching {
	return &enriching{
		with: with, agent: t.index("user_agent"), referrer: t.index("referrer"), page: t.index("page_url"),
		ip: t.index("ip"), device: t.index("device_type"), os: t.index("os"), browser: t.index("browser"),
		country: t.index("country"), source: t.index("traffic_source"), bot: t.index("is_bot"),
	}
}

// apply enriches r, an event of that type, and makes its address anonymous. What
// it makes lies in made, which the caller empties.
func (e *enriching) apply(r *row, kind event.Type) {
	ev := event.BaseEvent{Type: kind, Context: e.context(r)}
	before := ev.Context
	extra := e.with.Enrich(&ev)
	for _, made := range [...]struct {
		column      int
		before, now string
	}{
		{e.ip, before.IP, ev.Context.IP},
		{e.device, string(before.DeviceType), string(ev.Context.DeviceType)},
		{e.os, before.OS, ev.Context.OS},
		{e.browser, before.Browser, ev.Context.Browser},
		{e.country, "", extra.Country},
		{e.source, "", extra.Source},
		{e.bot, "", flagText(extra.Bot)},
	} {
		if made.now != made.before {
			e.put(r, made.column, made.now)
		}
	}
}

// put gives a column its value. A value that the file has keeps its kind, by which
// rejects name it.
func (e *enriching) put(r *row, column int, text string) {
	r.values[column] = e.copied(text)
	if r.kinds[column] <= null {
		r.kinds[column] = plain
	}
}

func (e *enriching) copied(text string) []byte {
	from := len(e.made)
	e.made = append(e.made, text...)
	return e.made[from:]
}

// reads and changes are the columns that it looks at, and those that it fills.
func (e *enriching) reads() []int { return []int{e.agent, e.referrer, e.page} }

func (e *enriching) changes() []int {
	return []int{e.ip, e.device, e.os, e.browser, e.country, e.source, e.bot}
}

// context borrows the texts of r. What is no text is left out: such a row is
// refused when it is stored.
func (e *enriching) context(r *row) event.Context {
	text := func(column int) string {
		if kind := r.kinds[column]; kind == jsonString || kind == plain {
			return borrowed(r.values[column])
		}
		return ""
	}
	return event.Context{
		IP: text(e.ip), UserAgent: text(e.agent), Referrer: text(e.referrer), PageURL: text(e.page),
		DeviceType: event.Device(text(e.device)), OS: text(e.os), Browser: text(e.browser),
	}
}

// borrowed spares a copy of the texts of every event. It is for what keeps
// nothing of its argument: the memory of b is soon used again.
func borrowed(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

func flagText(on bool) string {
	if on {
		return "1"
	}
	return ""
}
