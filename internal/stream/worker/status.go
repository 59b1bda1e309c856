package worker

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tiendi/tiendi/internal/stream/enrich"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// What a task may be doing.
const (
	waiting = "waiting" // for its claim, or for its state
	running = "running"
	failing = "failing"
)

// TaskStatus is how a task is doing, as workers tell each other.
type TaskStatus struct {
	Stage     Stage  `json:"stage"`
	Partition int    `json:"partition"`
	State     string `json:"state"` // waiting, running or failing
	Error     string `json:"error,omitempty"`
	// Events is how many the task has taken since it began; for targets, windows
	// and sessions.
	Events uint64 `json:"events"`
	// Lag is the age of what was taken last, when it was.
	Lag time.Duration `json:"lag_ns,omitempty"`
	// Messages is how far the log's end is away.
	Messages  uint64    `json:"lag_messages"`
	Late      uint64    `json:"late,omitempty"`
	Other     uint64    `json:"other,omitempty"` // windows without room
	Watermark time.Time `json:"watermark,omitzero"`
	// Rejected is how many changes were set aside.
	Rejected uint64 `json:"rejected,omitempty"`
	// Kept is when the state was saved last, and Size how many bytes it is.
	Kept time.Time `json:"kept,omitzero"`
	Size int       `json:"size,omitempty"`

	enriched enrich.Stats
	next     uint64 // offset behind what was taken last
}

type status struct {
	clock func() time.Time
	mu    sync.Mutex
	tasks map[Task]*TaskStatus
}

func newStatus(clock func() time.Time) *status {
	return &status{clock: clock, tasks: map[Task]*TaskStatus{}}
}

// change runs f on a task's status.
func (s *status) change(task Task, f func(*TaskStatus)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tasks[task]
	if t == nil {
		t = &TaskStatus{Stage: task.Stage, Partition: task.Partition, State: waiting}
		s.tasks[task] = t
	}
	f(t)
}

func (s *status) running(task Task) {
	s.change(task, func(t *TaskStatus) { t.State, t.Error = running, "" })
}

func (s *status) failed(task Task, err error) {
	s.change(task, func(t *TaskStatus) { t.State, t.Error = failing, err.Error() })
}

func (s *status) gone(task Task) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tasks, task)
}

func (s *status) checkpoint(task Task, at time.Time, size int) {
	s.change(task, func(t *TaskStatus) { t.Kept, t.Size = at, size })
}

func (s *status) enriched(task Task, stats enrich.Stats, next uint64) {
	s.change(task, func(t *TaskStatus) { t.Events, t.enriched, t.next = stats.Events, stats, next })
}

func (s *status) folded(task Task, b *record.Batch, next uint64, op Operator) {
	s.change(task, func(t *TaskStatus) {
		t.Events += uint64(len(b.Events))
		t.Lag, t.Watermark, t.next = s.clock().Sub(b.At), op.Watermark(), next
		t.Late, t.Other = op.Late(), op.Other()
	})
}

// wrote is of sinks: so many rows, windows or sessions are written.
func (s *status) wrote(task Task, n int, next uint64, watermark time.Time) {
	s.change(task, func(t *TaskStatus) {
		t.State, t.Error = running, ""
		t.Events += uint64(n)
		t.next = next
		if !watermark.IsZero() {
			t.Watermark = watermark
		}
	})
}

// rejected is of sinks that set aside what they cannot write. Trouble is said of a task
// that goes on.
func (s *status) rejected(task Task, n int, trouble error) {
	s.change(task, func(t *TaskStatus) {
		t.Rejected += uint64(n)
		if trouble != nil {
			t.Error, _, _ = strings.Cut(trouble.Error(), "\n")
		}
	})
}

// all gives every task's.
func (s *status) all() map[Task]TaskStatus {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make(map[Task]TaskStatus, len(s.tasks))
	for task, t := range s.tasks {
		all[task] = *t
	}
	return all
}

// list is all, in order.
func (s *status) list() []TaskStatus {
	return slices.SortedFunc(maps.Values(s.all()), func(a, b TaskStatus) int {
		return cmp.Or(cmp.Compare(a.Stage, b.Stage), cmp.Compare(a.Partition, b.Partition))
	})
}

func (s *status) json() json.RawMessage {
	text, err := json.Marshal(s.list())
	if err != nil {
		return nil // there is nothing in it that cannot be written
	}
	return text
}
