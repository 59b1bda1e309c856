package worker

import (
	"slices"

	"github.com/cespare/xxhash/v2"
)

// share is what falls to one of the members: the same for all who know of the same
// ones. Tasks go round the members in an order that each partition has for itself
// (rendezvous hashing), no member taking more than its part, so that little moves
// when a member comes or goes.
func share(tasks []Task, members []string, me string) []Task {
	if len(members) == 0 {
		return nil
	}
	most := (len(tasks) + len(members) - 1) / len(members)
	load := map[string]int{}
	var mine []Task
	for _, task := range tasks {
		for _, member := range preference(task, members) {
			if load[member] == most {
				continue
			}
			load[member]++
			if member == me {
				mine = append(mine, task)
			}
			break
		}
	}
	return mine
}

// preference orders the members for a task.
func preference(task Task, members []string) []string {
	rank := func(member string) uint64 { return xxhash.Sum64String(task.String() + " " + member) }
	sorted := slices.Clone(members)
	slices.SortFunc(sorted, func(a, b string) int {
		ra, rb := rank(a), rank(b)
		switch {
		case ra < rb:
			return -1
		case ra > rb:
			return 1
		}
		return 0
	})
	return sorted
}
