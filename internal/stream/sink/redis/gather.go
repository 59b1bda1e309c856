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

// gathered is what is left of publications when of each window and each store's live
// sessions only the last state counts.
type gathered struct {
	figures   []figure
	live      []record.Live
	watermark time.Time
}

func gather(publications []*record.Publication) *gathered {
	g := &gathered{}
	windows, live := map[record.Window]int{}, map[event.ID]int{}
	for _, p := range publications {
		if p.Watermark.After(g.watermark) {
			g.watermark = p.Watermark
		}
		for i := range p.Updates {
			if u := &p.Updates[i]; u.Grain == record.Day || u.By == record.ByStore {
				g.figure(windows, u) // nobody watches the minutes of products and sources
			}
		}
		for _, l := range p.Live {
			g.sessions(live, l)
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

func (g *gathered) sessions(seen map[event.ID]int, l record.Live) {
	if i, known := seen[l.StoreID]; known {
		g.live[i] = l
		return
	}
	seen[l.StoreID] = len(g.live)
	g.live = append(g.live, l)
}
