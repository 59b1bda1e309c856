package main

import (
	"bytes"
	"cmp"
	"container/heap"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/ingest/collect"
)

// rejectedList keeps the newest rejected events, the oldest of them on top of the
// heap.
type rejectedList struct {
	limit int
	lines bool // keep whole records, for JSON
	items []listedReject
}

type listedReject struct {
	received time.Time
	id       event.ID
	line     []byte
	cells    []string // but the id
}

func (l *rejectedList) Len() int           { return len(l.items) }
func (l *rejectedList) Less(i, j int) bool { return l.items[i].compare(l.items[j]) < 0 }
func (l *rejectedList) Swap(i, j int)      { l.items[i], l.items[j] = l.items[j], l.items[i] }
func (l *rejectedList) Push(x any)         { l.items = append(l.items, x.(listedReject)) }
func (l *rejectedList) Pop() any {
	last := l.items[len(l.items)-1]
	l.items = l.items[:len(l.items)-1]
	return last
}

func (r listedReject) compare(s listedReject) int {
	return cmp.Or(r.received.Compare(s.received), bytes.Compare(r.id[:], s.id[:]))
}

func (l *rejectedList) add(r *collect.Reject, line []byte) {
	item := listedReject{received: r.Received, id: r.ID}
	full := len(l.items) == l.limit
	if full && item.compare(l.items[0]) <= 0 {
		return
	}
	if l.lines {
		item.line = bytes.Clone(line)
	} else {
		item.cells = []string{r.Received.UTC().Format(time.DateTime), r.Source, r.Type(), string(r.Reason), r.Pointer, r.Detail}
	}
	if full {
		l.items[0] = item
		heap.Fix(l, 0)
		return
	}
	heap.Push(l, item)
}
