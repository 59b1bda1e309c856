package load

import (
	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/event/enrich"
)

// enriching fills the columns of an event that follow from the others, as the
// streams do. Each worker has its own.
type enriching struct {
	with *enrich.Enricher

	// Indexes of columns: the texts that are read, and what is made of them.
	read                    [7]int
	country, source, bot    int
	device, os, browser, ip int

	scratch []byte // the texts that are read, one after the other
	made    []byte // the texts that are made
}

func newEnriching(t *Table, with *enrich.Enricher) *enriching {
	e := &enriching{
		with: with, country: t.index("country"), source: t.index("traffic_source"), bot: t.index("is_bot"),
		device: t.index("device_type"), os: t.index("os"), browser: t.index("browser"), ip: t.index("ip"),
	}
	e.read = [...]int{e.ip, t.index("user_agent"), t.index("referrer"), t.index("page_url"), e.device, e.os, e.browser}
	return e
}

// apply enriches r, an event of that type, and makes its address anonymous.
func (e *enriching) apply(r *row, kind event.Type) {
	ev := event.BaseEvent{Type: kind, Context: e.context(r)}
	before := ev.Context
	extra := e.with.Enrich(&ev)
	e.made = e.made[:0]
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
	from := len(e.made)
	e.made = append(e.made, text...)
	r.values[column] = e.made[from:]
	if r.kinds[column] <= null {
		r.kinds[column] = plain
	}
}

// context holds the texts of r as one string's parts. What is no text is left
// out: such a row is refused when it is stored.
func (e *enriching) context(r *row) event.Context {
	e.scratch = e.scratch[:0]
	var ends [len(e.read)]int
	for i, column := range e.read {
		if kind := r.kinds[column]; kind == jsonString || kind == plain {
			e.scratch = append(e.scratch, r.values[column]...)
		}
		ends[i] = len(e.scratch)
	}
	whole, from := string(e.scratch), 0
	next := func(i int) string {
		text := whole[from:ends[i]]
		from = ends[i]
		return text
	}
	return event.Context{
		IP: next(0), UserAgent: next(1), Referrer: next(2), PageURL: next(3),
		DeviceType: event.Device(next(4)), OS: next(5), Browser: next(6),
	}
}

func flagText(on bool) string {
	if on {
		return "1"
	}
	return ""
}
