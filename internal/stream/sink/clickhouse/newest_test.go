package clickhouse

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// TestNewest holds what is sent against the plain rule, on revisions in any order with
// many that are equal: of each key one row, and no other of the key is newer.
func TestNewest(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	var all []*record.Publication
	windows, sketches := map[record.Window]*record.Update{}, map[record.Window]*record.Update{}
	sessions := map[[2]int64]*record.Session{}
	for n := range 200 {
		p := &record.Publication{Updates: make([]record.Update, 5), Sessions: make([]record.Session, 5)}
		for i := range p.Updates {
			u := &p.Updates[i]
			*u = record.Update{
				Window:   record.Window{Start: int64(random.IntN(20)), By: record.By(random.IntN(3))},
				Counts:   record.Counts{Views: uint64(n)},
				Revision: uint64(random.IntN(50)),
			}
			if there := windows[u.Window]; there == nil || u.Revision >= there.Revision {
				windows[u.Window] = u
			}
			if random.IntN(3) > 0 {
				continue
			}
			u.Visitors = []byte{byte(n)}
			if there := sketches[u.Window]; there == nil || u.Revision >= there.Revision {
				sketches[u.Window] = u
			}
		}
		for i := range p.Sessions {
			s, id, at := &p.Sessions[i], random.IntN(9), random.Int64N(3)
			*s = record.Session{SessionID: event.ID{byte(id)}, StartedAt: time.UnixMilli(at), Revision: uint64(random.IntN(50))}
			key := [2]int64{int64(id), at}
			if there := sessions[key]; there == nil || s.Revision >= there.Revision {
				sessions[key] = s
			}
		}
		all = append(all, p)
	}
	rows := newestOf(all)
	if len(rows.windows.rows) != len(windows) || len(rows.visitors.rows) != len(sketches) || len(rows.sessions.rows) != len(sessions) {
		t.Errorf("%d windows of %d, %d sketches of %d, %d sessions of %d", len(rows.windows.rows), len(windows),
			len(rows.visitors.rows), len(sketches), len(rows.sessions.rows), len(sessions))
	}
	for _, u := range rows.windows.rows {
		if u != windows[u.Window] {
			t.Errorf("window %+v: revision %d, not %d", u.Window, u.Revision, windows[u.Window].Revision)
		}
	}
	for _, u := range rows.visitors.rows {
		if u != sketches[u.Window] {
			t.Errorf("sketch of %+v: revision %d, not %d", u.Window, u.Revision, sketches[u.Window].Revision)
		}
	}
	for _, s := range rows.sessions.rows {
		if s != sessions[[2]int64{int64(s.SessionID[0]), s.StartedAt.UnixMilli()}] {
			t.Errorf("session %v at %v: revision %d", s.SessionID, s.StartedAt, s.Revision)
		}
	}
}
