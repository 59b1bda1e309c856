package load

import (
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/event/enrich"
	"github.com/tiendi/tiendi/internal/lazyregexp"
)

// maxSkew is how far an event's timestamp may lie ahead of the clock.
const maxSkew = 5 * time.Minute

// eventRules checks rows against the event contract, and enriches them. Each
// worker has its own.
type eventRules struct {
	known                     func(event.Type) bool
	enriching                 *enriching
	id, kind, session, device int // indexes of columns
	store, properties         int
	reads, changes            []int                 // columns
	types                     map[string]event.Type // those met, as long as they are few
	inner                     *jsonParser           // of properties that came as text
}

func newEventRules(t *Table, known func(event.Type) bool, with *enrich.Enricher) *eventRules {
	e := &eventRules{
		known: known, enriching: newEnriching(t, with), types: map[string]event.Type{},
		id: t.index("event_id"), kind: t.index("event_type"), session: t.index("session_id"),
		device: t.index("device_type"),
		store:  t.index("store_id"), properties: t.index("properties"),
		inner: &jsonParser{members: []member{{key: "store_id", column: t.index("store_id")}}},
	}
	e.reads = append(e.enriching.reads(), e.id, e.kind, e.properties)
	e.changes = append(e.enriching.changes(), e.session, e.store)
	return e
}

// apply changes r, or says what breaks the contract. Types of values have not
// been checked yet; what is wrong there is left alone and found when stored.
// Addresses are made anonymous here, before anything is stored.
func (e *eventRules) apply(r *row) problem {
	e.enriching.made = e.enriching.made[:0]
	return e.judge(r)
}

// applyAll is apply for rows [from, to) of c. r is what it works with.
func (e *eventRules) applyAll(c *cells, from, to int, r *row) {
	e.enriching.made = e.enriching.made[:0]
	for n := from; n < to; n++ {
		if c.why[n].reason != "" {
			continue
		}
		c.lift(n, r, e.reads)
		c.lift(n, r, e.changes)
		c.why[n] = e.judge(r)
		if r.kinds[e.store] == jsonString {
			// It may lie in memory that the next row's properties will take.
			r.values[e.store] = e.enriching.copied(borrowed(r.values[e.store]))
		}
		c.lower(n, r, e.changes)
	}
}

// judge leaves what it makes in the memory of enriching.
func (e *eventRules) judge(r *row) problem {
	kind := e.typeOf(r.values[e.kind])
	if len(kind) > 0 && !e.known(kind) {
		return problem{reasonType, pointerOf("event_type", r.kinds[e.kind])}
	}
	if len(r.values[e.session]) == 0 {
		if kind.Web() {
			return problem{reasonMissing, pointerOf("session_id", r.kinds[e.session])}
		}
		r.set(e.session, r.kinds[e.id], r.values[e.id])
	}
	switch event.Device(r.values[e.device]) {
	case "", event.Mobile, event.Tablet, event.Desktop:
	default:
		return problem{reasonDevice, pointerOf("context.device_type", r.kinds[e.device])}
	}
	if why := e.textProperties(r); why.reason != "" {
		return why
	}
	e.enriching.apply(r, kind)
	return problem{}
}

// maxTypes bounds the types that are remembered: a file may hold any text.
const maxTypes = 256

// typeOf spares a string for every row.
func (e *eventRules) typeOf(name []byte) event.Type {
	kind, met := e.types[string(name)]
	if !met {
		kind = event.Type(name)
		if len(e.types) < maxTypes {
			e.types[string(kind)] = kind
		}
	}
	return kind
}

// textProperties reads the properties of CSV and Parquet files, where they are
// text that must be a JSON object and may hold the store.
func (e *eventRules) textProperties(r *row) problem {
	text := r.values[e.properties]
	if r.kinds[e.properties] != plain || len(text) == 0 {
		return problem{}
	}
	kind, store := r.kinds[e.store], r.values[e.store]
	r.kinds[e.store] = absent
	why := e.inner.parse(text, r)
	if len(store) > 0 {
		r.set(e.store, kind, store)
	}
	return why
}

// anonymizeText makes the addresses in the text of a reject anonymous.
func anonymizeText(raw []byte) []byte {
	raw = ipv4Text().ReplaceAll(raw, []byte("${1}0"))
	return ipv6Text().ReplaceAll(raw, []byte("${1}::"))
}

var (
	ipv4Text = lazyregexp.New(`\b((?:\d{1,3}\.){3})\d{1,3}\b`)
	ipv6Text = lazyregexp.New(`(?i)\b((?:[0-9a-f]{1,4}:){2}[0-9a-f]{1,4}):[0-9a-f:]+`)
)
