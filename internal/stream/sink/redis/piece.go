package redis

import (
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// A piece is what one call of the script takes: for so many figures and numbers of live
// sessions, and so many bytes of sketches, Redis serves nobody else meanwhile.
const (
	pieceItems  = 1000
	pieceSketch = 1 << 20
)

// piece collects the script's arguments; apply.lua has their order.
type piece struct {
	zone                 *time.Location
	known                map[unit]int
	units, figures, live []any
	group                group // that is open
	groups, members      int   // how many, and where the open one's number of figures is
	items, sketch        int
}

// group names the figures of one index, which are sent together.
type group struct {
	unit
	by    record.By
	store event.ID // zero for an index of stores
}

func groupOf(w *record.Window) group {
	g := group{unit: unit{w.Grain, w.Start}, by: w.By}
	if w.By != record.ByStore {
		g.store = w.StoreID
	}
	return g
}

func newPiece(zone *time.Location) *piece {
	return &piece{zone: zone, known: map[unit]int{}}
}

func (p *piece) figure(f *figure) error {
	kind, member, err := place(&f.Window)
	if err != nil {
		return err
	}
	if kind == "" {
		member = f.StoreID.String()
	}
	values, err := packFigure(nil, f.Update)
	if err != nil {
		return err
	}
	if g := groupOf(&f.Window); p.groups == 0 || g != p.group {
		p.group, p.groups, p.members = g, p.groups+1, len(p.figures)+3
		p.figures = append(p.figures, p.unit(g.unit), f.StoreID.String(), kind, 0)
	}
	p.figures = append(p.figures, member, values, f.visitors)
	p.figures[p.members] = p.figures[p.members].(int) + 1
	p.items++
	p.sketch += len(f.visitors)
	return nil
}

// unit gives the unit's number in this piece, from 1.
func (p *piece) unit(u unit) int {
	n, known := p.known[u]
	if !known {
		n = len(p.known) + 1
		p.known[u] = n
		name := u.name(p.zone)
		p.units = append(p.units, u.key(name), name, u.start, u.set())
	}
	return n
}

// args are the script's, between the header's marks and positions.
func (p *piece) args(header ...any) []any {
	args := append(header, len(p.known), p.groups, len(p.live)/2)
	args = append(args, p.units...)
	args = append(args, p.figures...)
	return append(args, p.live...)
}

// pieces cuts what was gathered. There is always one, for the position.
func (g *gathered) pieces(zone *time.Location, items int) ([]*piece, error) {
	p := newPiece(zone)
	all := []*piece{p}
	next := func() {
		if p.items >= items || p.sketch >= pieceSketch {
			p = newPiece(zone)
			all = append(all, p)
		}
	}
	for i := range g.figures {
		next()
		if err := p.figure(&g.figures[i]); err != nil {
			return nil, err
		}
	}
	for _, l := range g.live {
		next()
		p.live = append(p.live, l.StoreID.String(), l.Sessions)
		p.items++
	}
	return all, nil
}
