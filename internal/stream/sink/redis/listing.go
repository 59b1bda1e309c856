package redis

import (
	"bytes"
	"iter"
	"slices"
	"strconv"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// entry is a session's place in a list of live sessions, the platform's or a store's.
type entry struct {
	store  event.ID // zero for the platform
	member string
	last   int64 // its last event, in milliseconds
	over   bool  // it is to be taken out
}

// listed bounds the entries that one command changes: servers that speak Redis's
// protocol differ in how many arguments a script may give to it.
const listed = 500

// lists gives what sessions change in lists, so many entries of one list at a time at
// the most. A list that is changed by one command for all its sessions costs Redis much
// less than by one for each.
func (g *gathered) lists(items int) iter.Seq[[]entry] {
	var all []entry
	for _, s := range g.sessions {
		all = appendEntries(all, s)
	}
	slices.SortStableFunc(all, compareLists)
	return func(yield func([]entry) bool) {
		for len(all) > 0 {
			n := 1
			for n < len(all) && n < min(items, listed) && compareLists(all[0], all[n]) == 0 {
				n++
			}
			if !yield(all[:n]) {
				return
			}
			all = all[n:]
		}
	}
}

// compareLists puts together what one command can change.
func compareLists(a, b entry) int {
	switch c := bytes.Compare(a.store[:], b.store[:]); {
	case c != 0 || a.over == b.over:
		return c
	case a.over:
		return 1
	}
	return -1
}

// appendEntries enters a session with the platform and with each of its stores, or takes
// it out when it is over. A part of a long session is an entry of its own: another part
// that begins or ends never touches it.
func appendEntries(all []entry, s *record.Session) []entry {
	e := entry{
		member: s.SessionID.String() + "/" + strconv.FormatInt(s.StartedAt.UnixMilli(), 10),
		last:   s.EndedAt.UnixMilli(), over: s.Closed || s.Gone,
	}
	all = append(all, e)
	for _, e.store = range s.Stores {
		all = append(all, e)
	}
	return all
}
