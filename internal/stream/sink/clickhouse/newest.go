package clickhouse

import (
	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// newest keeps of the rows with one key the one of the highest revision, and of equal
// revisions the last, as the live tables do: what it leaves out they need not be sent.
type newest[K comparable, R any] struct {
	revision func(*R) uint64
	at       map[K]int
	rows     []*R
}

func (n *newest[K, R]) add(key K, row *R) {
	at, known := n.at[key]
	switch {
	case !known:
		n.at[key] = len(n.rows)
		n.rows = append(n.rows, row)
	case n.revision(row) >= n.revision(n.rows[at]):
		n.rows[at] = row
	}
}

// sessionKey is a session's, its beginning in milliseconds: times do not compare.
type sessionKey struct {
	id      event.ID
	started int64
}

// liveRows are what publications come down to.
type liveRows struct {
	windows, visitors newest[record.Window, record.Update]
	sessions          newest[sessionKey, record.Session]
}

func newestOf(publications []*record.Publication) *liveRows {
	of := func(u *record.Update) uint64 { return u.Revision }
	rows := &liveRows{
		windows:  newest[record.Window, record.Update]{revision: of, at: map[record.Window]int{}},
		visitors: newest[record.Window, record.Update]{revision: of, at: map[record.Window]int{}},
		sessions: newest[sessionKey, record.Session]{
			revision: func(s *record.Session) uint64 { return s.Revision }, at: map[sessionKey]int{},
		},
	}
	for _, p := range publications {
		for i := range p.Updates {
			u := &p.Updates[i]
			rows.windows.add(u.Window, u)
			if u.Visitors != nil {
				rows.visitors.add(u.Window, u)
			}
		}
		for i := range p.Sessions {
			s := &p.Sessions[i]
			rows.sessions.add(sessionKey{s.SessionID, s.StartedAt.UnixMilli()}, s)
		}
	}
	return rows
}
