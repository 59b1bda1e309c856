package redis

import (
	"bytes"
	"cmp"
	"slices"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// figure is the last state of a window among some publications.
type figure struct {
	*record.Update
	visitors []byte // of the last update that had them; mergeVisitors makes it the script's
}

type sessionKey struct {
	id    event.ID
	start int64
}

// gathered is what is left of publications when of each window and each session
// only the last state counts.
type gathered struct {
	figures   []figure
	sessions  []*record.Session
	watermark time.Time
}

func gather(publications []*record.Publication) *gathered {
	g := &gathered{}
	windows, sessions := map[record.Window]int{}, map[sessionKey]int{}
	for _, p := range publications {
		if p.Watermark.After(g.watermark) {
			g.watermark = p.Watermark
		}
		for i := range p.Updates {
			if u := &p.Updates[i]; u.Grain == record.Day || u.By == record.ByStore {
				g.figure(windows, u) // nobody watches the minutes of products and sources
			}
		}
		for i := range p.Sessions {
			g.session(sessions, &p.Sessions[i])
		}
	}
	slices.SortFunc(g.figures, byIndex)
	return g
}

// byIndex puts figures of one index side by side, so that it is written once.
func byIndex(a, b figure) int {
	return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.Grain, b.Grain), cmp.Compare(a.By, b.By), bytes.Compare(a.StoreID[:], b.StoreID[:]))
}

func (g *gathered) figure(seen map[record.Window]int, u *record.Update) {
	i, known := seen[u.Window]
	if !known {
		seen[u.Window] = len(g.figures)
		g.figures = append(g.figures, figure{u, u.Visitors})
		return
	}
	f := &g.figures[i]
	if u.Revision >= f.Revision {
		f.Update = u
	}
	if u.Visitors != nil && (f.visitors == nil || f.Update == u) {
		f.visitors = u.Visitors
	}
}

func (g *gathered) session(seen map[sessionKey]int, s *record.Session) {
	key := sessionKey{s.SessionID, s.StartedAt.UnixMilli()}
	i, known := seen[key]
	switch {
	case !known:
		seen[key] = len(g.sessions)
		g.sessions = append(g.sessions, s)
	case s.Revision >= g.sessions[i].Revision:
		g.sessions[i] = s
	}
}
