package record

import (
	"time"

	"github.com/tiendi/tiendi/internal/event"
)

// Topics of the stream. An enriched partition holds what was made of the raw one
// of the same number. The aggregated topic has twice as many partitions: the
// first half holds windows, the second sessions.
const (
	TopicRaw        = "analytics.raw"
	TopicRejected   = "analytics.rejected"
	TopicEnriched   = "analytics.enriched"
	TopicAggregated = "analytics.aggregated"
)

// EndPrefix begins a line of the raw topic that is no event: where `stream --once`
// stops. No event begins like it: the collector writes those.
const EndPrefix = `{"tiendi_end":"`

// Kind says what a batch or a publication is for.
type Kind byte

// The kinds.
const (
	Data Kind = iota
	// Tick says that time has passed without events, and until when.
	Tick
	// End is where `stream --once` stops.
	End
)

// Event is an event of the enriched topic: anonymised, with its time corrected,
// and not seen before.
type Event struct {
	event.BaseEvent
	Country string // ISO 3166-1 alpha-2, "" where unknown
	Source  string // traffic source
	Bot     bool
	// Unsettled events are older than what the enricher remembers: it cannot know
	// whether it saw them before. They go to the raw table only, where staging
	// settles it.
	Unsettled bool
}

// Source is the place in the raw log that an enriched batch was made of.
type Source struct {
	Log  string // broker.Bounds.ID
	Next uint64 // lowest raw offset that is not in this batch or one before
	Prev uint64 // Next of the batch before, 0 for the first
}

// Batch is one message of the enriched topic.
type Batch struct {
	Kind Kind
	// At is the enricher's clock when it wrote the batch, in milliseconds. It
	// never goes back within a partition.
	At     time.Time
	Source Source
	Run    string // of an End: who wants to stop there
	Events []Event
}
