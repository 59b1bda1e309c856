package redis

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/stream/record"
)

// log is what one partition of the topic holds, and the visitors behind each sketch.
type log struct {
	publications []*record.Publication
	visitors     map[record.Window][]visit
}

type visit struct {
	offset int
	name   string
}

// logMaker makes believable logs: absolute values that grow, late windows, several
// updates of one window, numbers of live sessions that rise and fall.
type logMaker struct {
	rng       *rand.Rand
	scratch   *goredis.Client // makes sketches
	partition int
	log       log
	last      map[record.Window]*record.Update
	now       time.Time
	revision  uint64
}

const halfOfTopic = 3 // partitions with windows, and with sessions

var hostileSources = []string{"", "direct", "search", "ñ:*\n{x}", strings.Repeat("long/", 50), strings.Repeat("long/", 51), "-"}

func makeLog(rng *rand.Rand, scratch *goredis.Client, partition, messages int, begin time.Time) *log {
	m := &logMaker{rng: rng, scratch: scratch, partition: partition, now: begin,
		last: map[record.Window]*record.Update{}}
	m.log.visitors = map[record.Window][]visit{}
	for range messages {
		// Five days in all, in uneven steps: some units go, some stay.
		m.now = m.now.Add(time.Duration(rng.Int64N(int64(10 * 24 * time.Hour / time.Duration(messages)))))
		p := &record.Publication{Watermark: m.now.Truncate(time.Millisecond)}
		m.revision += rng.Uint64N(3)
		for range rng.IntN(12) {
			if partition < halfOfTopic {
				p.Updates = append(p.Updates, *m.update())
			} else {
				p.Live = append(p.Live, m.live())
			}
		}
		m.log.publications = append(m.log.publications, p)
	}
	return &m.log
}

func (m *logMaker) window() record.Window {
	w := record.Window{Grain: record.Grain(m.rng.IntN(2)), StoreID: id(byte(m.rng.IntN(4)))}
	back := m.now.Add(-time.Duration(m.rng.ExpFloat64() * float64(3*time.Hour)))
	if w.Start = back.Truncate(24 * time.Hour).Unix(); w.Grain == record.Minute {
		w.Start = back.Truncate(30 * time.Minute).Unix()
	}
	if w.By = record.By(m.rng.IntN(3)); w.By == record.ByProduct {
		w.ProductID = id(byte(m.rng.IntN(5)))
	} else if w.By == record.ByStoreSource {
		w.Source = hostileSources[m.rng.IntN(len(hostileSources))]
	}
	return w
}

func (m *logMaker) update() *record.Update {
	u := record.Update{Window: m.window()}
	if old := m.last[u.Window]; old != nil {
		u.Counts = old.Counts
	}
	m.revision++ // no two states of a window share a revision
	u.Revision = m.revision
	for _, n := range [...]*uint64{&u.Views, &u.Carts, &u.Checkouts, &u.Purchases, &u.Units} {
		*n += uint64(m.rng.IntN(3))
	}
	u.Revenue += m.rng.Int64N(1<<uint(m.rng.IntN(45))+1) - 100
	if u.By == record.ByStore && m.rng.IntN(2) == 0 {
		u.Visitors = m.sketch(u.Window)
	}
	m.last[u.Window] = &u
	return &u
}

// sketch adds visitors to a window's, and gives the whole as Redis writes it.
func (m *logMaker) sketch(w record.Window) []byte {
	ctx, key := context.Background(), fmt.Sprintf("%d/%+v", m.partition, w)
	var names []any
	for range 1 + m.rng.IntN(20) {
		v := visit{len(m.log.publications), fmt.Sprint(m.rng.IntN(2000))}
		m.log.visitors[w] = append(m.log.visitors[w], v)
		names = append(names, v.name)
	}
	m.scratch.PFAdd(ctx, key, names...)
	text, err := m.scratch.Get(ctx, key).Bytes()
	if err != nil {
		panic(err)
	}
	return text
}

// live is how many sessions are open of a store, often none.
func (m *logMaker) live() record.Live {
	return record.Live{StoreID: id(byte(m.rng.IntN(4))), Sessions: uint64(max(0, m.rng.IntN(6)-2))}
}
