package backfill

import (
	"github.com/tiendi/tiendi/internal/operate/journal"
)

// Graph is what is asked of the DAG.
type Graph interface {
	Parents(id string) []string
}

// remember marks what an earlier run of the same backfill has done. A model
// counts only as long as its text is the same and all that it stands on is
// done: whatever is built again has what stands on it built again, too.
func remember(tasks []*Task, g Graph, steps []journal.Entry) {
	type key struct {
		step     string
		from, to int64
	}
	done := map[key]string{}
	for _, s := range steps {
		if s.State == journal.Done {
			done[key{s.Step, s.From.UnixMilli(), s.To.UnixMilli()}] = s.Fingerprint
		}
	}
	byID := map[string]*Task{}
	for _, t := range tasks {
		byID[t.Node.UniqueID] = t
	}
	settled := map[string]bool{} // whether the node and all above it are done
	var settle func(id string) bool
	settle = func(id string) bool {
		if known, ok := settled[id]; ok {
			return known
		}
		above := true
		for _, p := range g.Parents(id) {
			above = settle(p) && above
		}
		t := byID[id]
		if t == nil || !above {
			settled[id] = above
			return above
		}
		is := func(from, to int64) journal.State {
			if text, ok := done[key{id, from, to}]; ok && text == t.Fingerprint {
				return journal.Done
			}
			return journal.Pending
		}
		t.State = is(zeroMilli, zeroMilli)
		for i, s := range t.Slices {
			if t.Slices[i].State = t.State; t.State != journal.Done {
				t.Slices[i].State = is(s.From.UnixMilli(), s.To.UnixMilli())
			}
		}
		settled[id] = t.Left() == 0
		return settled[id]
	}
	for _, t := range tasks {
		settle(t.Node.UniqueID)
	}
}

// zeroMilli stands for the bounds of steps without a slice.
var zeroMilli = journal.Entry{}.From.UnixMilli()
