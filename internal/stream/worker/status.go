package worker

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/tiendi/tiendi/internal/stream/enrich"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// TaskStatus is how a task is doing, as workers tell each other.
type TaskStatus struct {
	Task  string `json:"task"`
	State string `json:"state"` // waiting, running or failing
	Error string `json:"error,omitempty"`
	// Events is how many the task has taken since it began; for targets, windows
	// and sessions.
	Events uint64 `json:"events"`
	// Behind is the age of what was taken last, when it was.
	Behind    time.Duration `json:"behind_ns"`
	Watermark time.Time     `json:"watermark,omitzero"`
	// Kept is when the state was saved last, and Size how many bytes it is.
	Kept time.Time `json:"kept,omitzero"`
	Size int       `json:"size,omitempty"`
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
		t = &TaskStatus{Task: task.String(), State: "waiting"}
		s.tasks[task] = t
	}
	f(t)
}

func (s *status) running(task Task) {
	s.change(task, func(t *TaskStatus) { t.State, t.Error = "running", "" })
}

func (s *status) failed(task Task, err error) {
	s.change(task, func(t *TaskStatus) { t.State, t.Error = "failing", err.Error() })
}

func (s *status) gone(task Task) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.tasks, task)
}

func (s *status) checkpoint(task Task, at time.Time, size int) {
	s.change(task, func(t *TaskStatus) { t.Kept, t.Size = at, size })
}

func (s *status) enriched(task Task, stats enrich.Stats) {
	s.change(task, func(t *TaskStatus) { t.Events = stats.Events })
}

func (s *status) folded(task Task, b *record.Batch, watermark time.Time) {
	s.change(task, func(t *TaskStatus) {
		t.Events += uint64(len(b.Events))
		t.Behind, t.Watermark = s.clock().Sub(b.At), watermark
	})
}

func (s *status) applied(task Task, publications []*record.Publication, _ time.Duration) {
	s.change(task, func(t *TaskStatus) {
		t.State, t.Error = "running", ""
		for _, p := range publications {
			t.Events += uint64(len(p.Updates) + len(p.Sessions))
			t.Watermark = p.Watermark
		}
	})
}

func (s *status) inserted(task Task, rows int, _ time.Duration) {
	s.change(task, func(t *TaskStatus) {
		t.State, t.Error = "running", ""
		t.Events += uint64(rows)
	})
}

// list gives all, in the order of their names.
func (s *status) list() []TaskStatus {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := make([]TaskStatus, 0, len(s.tasks))
	for _, task := range slices.SortedFunc(maps.Keys(s.tasks), func(a, b Task) int { return strings.Compare(a.String(), b.String()) }) {
		all = append(all, *s.tasks[task])
	}
	return all
}

func (s *status) json() json.RawMessage {
	text, err := json.Marshal(s.list())
	if err != nil {
		return nil // there is nothing in it that cannot be written
	}
	return text
}
