package run

import (
	"time"

	"github.com/tiendi/tiendi/internal/project"
)

// EventKind says what an Event tells.
type EventKind int

// The kinds of events.
const (
	RunStarted    EventKind = iota // Total is set
	NodeStarted                    // Node, Index, Total
	NodeProgress                   // Node, Rows: written so far
	NodeFinished                   // Node, Result
	BatchFinished                  // Node, Batch, Result: one slice of a microbatch model
	NodesSkipped                   // Skipped, Because: everything below a node that failed
	Notice                         // Node (may be nil), Message: worth knowing, stops nothing
	RunFinished                    // Results
)

// Event tells what a run is doing, in order.
type Event struct {
	Kind    EventKind
	At      time.Time
	Node    *project.Node
	Index   int // 1 … Total
	Total   int
	Rows    uint64
	Batch   string // "2024-01-02"
	Result  *Result
	Skipped []*project.Node
	Because *project.Node
	Message string
	Results *Results
}
