package enrich

import (
	"bytes"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// EndLine is the line that marks the end of a run.
func EndLine(run string) []byte { return []byte(record.EndPrefix + run + "\"}\n") }

// Options are what an Enricher works with.
type Options struct {
	// Parse reads a line of the raw topic; event.Registry's.
	Parse func(raw []byte, now time.Time) (event.BaseEvent, *event.Rejection)
	// Extra says what follows from the event: the country, the traffic source, and
	// whether a bot sent it. It anonymises the address.
	Extra func(*event.BaseEvent) (country, source string, bot bool)
	// Remember is how many ids a partition remembers at least half of.
	Remember int
	// Refused is told of lines that are no events. What it is given is the
	// caller's to keep until it returns.
	Refused func(raw []byte, why *event.Rejection)
}

// Stats count what an Enricher did.
type Stats struct {
	Events, Repeated, Unsettled, Refused uint64
}

// Enricher enriches one partition. It is not safe for concurrent use.
type Enricher struct {
	options Options
	seen    *seen
	source  record.Source // what is in the last batch and those before
	at      time.Time     // of the last batch
	stats   Stats

	parsed  []record.Event // of the lines that are being taken, used again and again
	hashes  []uint64       // of their ids
	events  []byte         // of the batch in the making
	count   int
	pending record.Source // behind it; Next is 0 for no batch
}

// New begins a partition at its first event.
func New(o Options) *Enricher { return &Enricher{options: o, seen: newSeen(o.Remember)} }

// Stats are those since New.
func (e *Enricher) Stats() Stats { return e.stats }

// Source is the place in the raw log that the written batches reach.
func (e *Enricher) Source() record.Source { return e.source }

// Replay takes over a batch that was written before, by whoever this is the
// successor of. Batches that the state includes are passed over.
func (e *Enricher) Replay(b *record.Batch) {
	if b.Source.Log == e.source.Log && b.Source.Next <= e.source.Next {
		return
	}
	for i := range b.Events {
		if ev := &b.Events[i]; !ev.Unsettled {
			e.seen.add(hashOf(ev.SessionID, ev.EventID), ev.Timestamp)
		}
	}
	e.source.Log, e.source.Next = b.Source.Log, b.Source.Next
	e.at = later(e.at, b.At)
}

// Fold takes the lines of one raw message, which ends before next in that log, into
// the batch in the making. It returns the run that ends here, "" for none.
func (e *Enricher) Fold(lines []byte, log string, next uint64, now time.Time) (run string) {
	e.at = later(e.at, clock(now))
	for line := range bytes.Lines(lines) {
		if line = bytes.TrimRight(line, "\r\n"); len(line) == 0 {
			continue
		}
		if rest, ok := bytes.CutPrefix(line, []byte(record.EndPrefix)); ok {
			name, _, _ := bytes.Cut(rest, []byte{'"'})
			run = string(name)
			continue
		}
		if e.parse(line); len(e.parsed) == together {
			e.settle()
		}
	}
	e.settle()
	e.pending = record.Source{Log: log, Next: next}
	return run
}

// Pending is how large the batch in the making is; it may be of no events, where
// all were repeated, and is still to be written.
func (e *Enricher) Pending() (events, bytes int) { return e.count, len(e.events) }

// Take ends the batch in the making and gives its body, nil for none.
func (e *Enricher) Take() (body []byte, events int) {
	if e.pending.Next == 0 {
		return nil, 0
	}
	head := record.Batch{At: e.at, Source: e.pending}
	head.Source.Prev = e.source.Next
	body, events = append(record.AppendHead(nil, &head, e.count), e.events...), e.count
	e.source, e.pending = e.pending, record.Source{}
	e.events, e.count = e.events[:0], 0
	return body, events
}

// End is the body that says that the run ends here; Take comes first.
func (e *Enricher) End(run string) []byte { return e.mark(record.End, run) }

// Tick is the body that says that time has passed; Take comes first.
func (e *Enricher) Tick(now time.Time) []byte {
	e.at = later(e.at, clock(now))
	return e.mark(record.Tick, "")
}

func (e *Enricher) mark(kind record.Kind, run string) []byte {
	b := record.Batch{Kind: kind, At: e.at, Run: run, Source: e.source}
	b.Source.Prev = e.source.Next
	return record.AppendBatch(nil, &b)
}

// clock is a time as batches have it.
func clock(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

// together is how many events are looked up at once.
const together = 64

// parse makes the event of a line.
func (e *Enricher) parse(line []byte) {
	base, rejection := e.options.Parse(line, e.at)
	if rejection != nil {
		e.stats.Refused++
		e.options.Refused(line, rejection)
		return
	}
	// Nothing has happened that is still to come: a clock was ahead.
	if base.Timestamp.After(e.at) {
		base.Timestamp = e.at
	}
	e.parsed = append(e.parsed, record.Event{BaseEvent: base})
	e.hashes = append(e.hashes, hashOf(base.SessionID, base.EventID))
}

// settle takes what was parsed into the batch, without repetitions.
func (e *Enricher) settle() {
	e.seen.touch(e.hashes)
	for i := range e.parsed {
		if ev := &e.parsed[i]; e.admit(ev, e.hashes[i]) {
			ev.Country, ev.Source, ev.Bot = e.options.Extra(&ev.BaseEvent)
			e.events = record.AppendEvent(e.events, ev)
			e.count++
		}
	}
	clear(e.parsed) // their texts are parts of the message
	e.parsed, e.hashes = e.parsed[:0], e.hashes[:0]
}

// admit is false of a repetition.
func (e *Enricher) admit(ev *record.Event, hash uint64) bool {
	switch e.seen.judge(hash, ev.Timestamp) {
	case repeated:
		e.stats.Repeated++
		return false
	case unsettled:
		// Not remembered: history that is sent late must not push out the present.
		e.stats.Unsettled++
		ev.Unsettled = true
	case fresh:
		e.seen.addFresh(hash, ev.Timestamp)
	}
	e.stats.Events++
	return true
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
