package run

import (
	"container/heap"
	"context"
	"fmt"
	"time"

	"github.com/tiendi/tiendi/internal/project"
)

// loop hands out the nodes of a dag to workers, the ones with the longest way
// below them first, and settles what follows from each result.
type loop struct {
	dag      *dag
	threads  int
	failFast bool
	build    func(ctx context.Context, n *project.Node, index int, thread string) *Result
	emit     func(Event)
	clock    func() time.Time
	because  *project.Node // failed before the first node, nil: nothing did

	waiting []int // of parents not done
	settled []bool
	ready   readyQueue
	results []*Result
}

type finished struct {
	index  int
	result *Result
}

func (l *loop) run(ctx context.Context) []*Result {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	l.prepare()
	done := make(chan finished)
	free := make([]string, l.threads)
	for i := range free {
		free[i] = fmt.Sprintf("Thread-%d", l.threads-i)
	}
	threadOf := map[int]string{}
	started, running := 0, 0
	if l.because != nil {
		cancel()
	}
	for {
		for ctx.Err() == nil && len(free) > 0 && l.ready.Len() > 0 {
			i := heap.Pop(&l.ready).(int)
			if l.settled[i] {
				continue
			}
			thread := free[len(free)-1]
			free = free[:len(free)-1]
			threadOf[i] = thread
			started++
			running++
			order := started
			go func() { done <- finished{i, l.build(ctx, l.dag.nodes[i], order, thread)} }()
		}
		if running == 0 {
			break
		}
		f := <-done
		running--
		free = append(free, threadOf[f.index])
		l.settle(f.index, f.result)
		if f.result.Failed() && l.failFast {
			cancel()
		}
	}
	l.skipRest(ctx)
	return l.results
}

func (l *loop) prepare() {
	l.waiting = make([]int, len(l.dag.nodes))
	l.settled = make([]bool, len(l.dag.nodes))
	l.ready = readyQueue{dag: l.dag}
	for i, parents := range l.dag.parents {
		if l.waiting[i] = len(parents); l.waiting[i] == 0 {
			l.ready.nodes = append(l.ready.nodes, i)
		}
	}
	heap.Init(&l.ready)
}

// settle takes a result and frees or skips what waited for it.
func (l *loop) settle(i int, r *Result) {
	l.settled[i] = true
	l.results = append(l.results, r)
	if r.Failed() {
		l.skip(l.dag.below(i), l.dag.nodes[i])
		return
	}
	for _, c := range l.dag.children[i] {
		if l.waiting[c]--; l.waiting[c] == 0 && !l.settled[c] {
			heap.Push(&l.ready, c)
		}
	}
}

// skip settles nodes that cannot be built any more, and tells it in one event.
func (l *loop) skip(indexes []int, because *project.Node) {
	var skipped []*project.Node
	now := l.clock()
	for _, i := range indexes {
		if l.settled[i] {
			continue
		}
		l.settled[i] = true
		n := l.dag.nodes[i]
		skipped = append(skipped, n)
		message := "cancelled before it began"
		if because != nil {
			message = "skipped, since " + because.Name + " failed"
		}
		l.results = append(l.results, &Result{Node: n, Status: Skipped, Message: message, Started: now, CompileEnded: now, Finished: now})
	}
	if len(skipped) > 0 {
		l.emit(Event{Kind: NodesSkipped, Skipped: skipped, Because: because})
	}
}

// skipRest settles what a cancellation or --fail-fast has left.
func (l *loop) skipRest(ctx context.Context) {
	if ctx.Err() == nil {
		return
	}
	all := make([]int, len(l.dag.nodes))
	for i := range all {
		all[i] = i
	}
	l.skip(all, l.because)
}

// readyQueue gives the node with the longest way below it first.
type readyQueue struct {
	dag   *dag
	nodes []int
}

func (q *readyQueue) Len() int { return len(q.nodes) }
func (q *readyQueue) Less(i, j int) bool {
	a, b := q.nodes[i], q.nodes[j]
	if q.dag.depth[a] != q.dag.depth[b] {
		return q.dag.depth[a] > q.dag.depth[b]
	}
	return a < b
}
func (q *readyQueue) Swap(i, j int) { q.nodes[i], q.nodes[j] = q.nodes[j], q.nodes[i] }
func (q *readyQueue) Push(x any)    { q.nodes = append(q.nodes, x.(int)) }
func (q *readyQueue) Pop() any {
	last := q.nodes[len(q.nodes)-1]
	q.nodes = q.nodes[:len(q.nodes)-1]
	return last
}
