package postgres

import (
	"bytes"
	"cmp"
	"fmt"
	"maps"
	"slices"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// batch is what publications come down to: each window and session once, since one
// statement cannot change a row twice.
type batch struct {
	windows  map[record.Window]record.Update
	sessions map[sessionKey]*record.Session
}

// sessionKey is a session's, its beginning as milliseconds: times do not compare.
type sessionKey struct {
	id      event.ID
	started int64
}

func newBatch(publications []*record.Publication) (*batch, error) {
	b := &batch{windows: map[record.Window]record.Update{}, sessions: map[sessionKey]*record.Session{}}
	for _, p := range publications {
		for i := range p.Updates {
			if g := p.Updates[i].Grain; g != record.Minute && g != record.Day {
				return nil, fmt.Errorf("there is no table for windows of %v", g)
			}
			b.addUpdate(p.Updates[i])
		}
		for i := range p.Sessions {
			s := &p.Sessions[i]
			key := sessionKey{s.SessionID, s.StartedAt.UnixMilli()}
			if there := b.sessions[key]; there == nil || s.Revision >= there.Revision {
				b.sessions[key] = s
			}
		}
	}
	return b, nil
}

// addUpdate keeps the counts of the highest revision, and the last sketch up to it:
// an update without one says that it still holds.
func (b *batch) addUpdate(u record.Update) {
	u.Source = keyText(u.Source)
	if there, twice := b.windows[u.Window]; twice {
		if there.Revision > u.Revision {
			u, there = there, u
		}
		if u.Visitors == nil {
			u.Visitors = there.Visitors
		}
	}
	b.windows[u.Window] = u
}

// minutes and days are the windows in the order of the tables' keys, in parts.
func (b *batch) minutes(rows int) []windows { return b.windowParts(record.Minute, rows) }
func (b *batch) days(rows int) []windows    { return b.windowParts(record.Day, rows) }

func (b *batch) windowParts(grain record.Grain, rows int) []windows {
	var list windows
	for _, u := range b.windows {
		if u.Grain == grain {
			list = append(list, u)
		}
	}
	slices.SortFunc(list, func(a, b record.Update) int {
		return cmp.Or(bytes.Compare(a.StoreID[:], b.StoreID[:]), cmp.Compare(a.By, b.By), cmp.Compare(a.Start, b.Start),
			bytes.Compare(a.ProductID[:], b.ProductID[:]), cmp.Compare(a.Source, b.Source))
	})
	return slices.Collect(slices.Chunk(list, rows))
}

// sessionParts are the sessions in the order of the table's key, in parts.
func (b *batch) sessionParts(rows int) []sessions {
	list := slices.SortedFunc(maps.Values(b.sessions), func(a, b *record.Session) int {
		return cmp.Or(a.StartedAt.Compare(b.StartedAt), bytes.Compare(a.SessionID[:], b.SessionID[:]))
	})
	return slices.Collect(slices.Chunk(sessions(list), rows))
}
