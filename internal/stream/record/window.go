package record

import (
	"encoding/binary"
	"fmt"
	"time"

	"github.com/tiendi/tiendi/internal/event"
)

// Grain is the length of a window.
type Grain byte

// The grains. Days are those of the project's time zone.
const (
	Minute Grain = iota
	Day
)

// By says which dimensions a window's key has besides its time.
type By byte

// The dimensions.
const (
	ByStore       By = iota // StoreID
	ByProduct               // StoreID, ProductID
	ByStoreSource           // StoreID, Source
)

// Window names one window of one partition.
type Window struct {
	Grain     Grain
	By        By
	Start     int64    // Unix seconds
	StoreID   event.ID // zero for the whole platform, which only ByProduct lacks
	ProductID event.ID
	Source    string
}

// Counts are what a window adds up. They are sums over partitions.
type Counts struct {
	Views, Carts, Checkouts, Purchases, Units uint64
	// Revenue is live_revenue in hundredths of the currency's unit.
	Revenue int64
}

// Update is a window as one partition knows it: absolute, so that a sink may take
// it twice. Of two with the same window and partition the higher revision counts; of
// the same revision, one may have the Visitors that the other lacks.
type Update struct {
	Window
	Counts
	// Revision is the offset of the enriched batch that was folded in last.
	Revision uint64
	// Visitors is a HyperLogLog in Redis's format. nil means that the last one that
	// the window had stands until the next one comes.
	Visitors []byte
}

// Publication is one message of the aggregated topic.
type Publication struct {
	Kind      Kind
	Watermark time.Time // of the partition
	Run       string    // of an End
	Updates   []Update  // in the topic's first half
	Sessions  []Session // in its second
	Live      []Live    // beside those
}

// AppendPublication writes a publication.
func AppendPublication(dst []byte, p *Publication) []byte {
	dst = append(dst, version, byte(p.Kind))
	dst = appendTime(dst, p.Watermark)
	dst = appendText(dst, p.Run)
	dst = binary.AppendUvarint(dst, uint64(len(p.Updates)))
	for i := range p.Updates {
		dst = appendUpdate(dst, &p.Updates[i])
	}
	dst = binary.AppendUvarint(dst, uint64(len(p.Sessions)))
	for i := range p.Sessions {
		dst = appendSession(dst, &p.Sessions[i])
	}
	dst = binary.AppendUvarint(dst, uint64(len(p.Live)))
	for i := range p.Live {
		dst = appendLive(dst, &p.Live[i])
	}
	return dst
}

func appendUpdate(dst []byte, u *Update) []byte {
	dst = append(dst, byte(u.Grain), byte(u.By))
	dst = binary.AppendVarint(dst, u.Start)
	dst = appendIDs(dst, u.StoreID, u.ProductID)
	dst = appendText(dst, u.Source)
	for _, n := range [...]uint64{u.Views, u.Carts, u.Checkouts, u.Purchases, u.Units} {
		dst = binary.AppendUvarint(dst, n)
	}
	dst = binary.AppendVarint(dst, u.Revenue)
	dst = binary.AppendUvarint(dst, u.Revision)
	return appendBytes(dst, u.Visitors)
}

// ReadPublication reads a publication. Its strings and sketches are parts of the body
// itself, which must stay as it is. An error is ErrFormat.
func ReadPublication(body []byte) (*Publication, error) {
	r := newReader(body)
	p, err := r.mark()
	if err != nil {
		return nil, err
	}
	p.Updates = make([]Update, r.count(leastUpdate))
	for i := range p.Updates {
		r.update(&p.Updates[i])
	}
	p.Sessions = make([]Session, r.count(leastSession))
	for i := range p.Sessions {
		r.session(&p.Sessions[i])
	}
	p.Live = make([]Live, r.count(leastLive))
	for i := range p.Live {
		r.live(&p.Live[i])
	}
	return p, r.err(aPublication)
}

// ReadMark reads a publication but for what it publishes. The same holds for the body
// and the error.
func ReadMark(body []byte) (*Publication, error) {
	r := newReader(body)
	p, err := r.mark()
	if err == nil && r.bad {
		err = r.err(aPublication)
	}
	return p, err
}

const aPublication = "a publication"

func (r *reader) mark() (*Publication, error) {
	if err := r.version(aPublication); err != nil {
		return nil, err
	}
	return &Publication{Kind: Kind(r.byte()), Watermark: r.time(), Run: r.str()}, nil
}

func (r *reader) update(u *Update) {
	u.Grain, u.By, u.Start = Grain(r.byte()), By(r.byte()), r.int()
	r.ids(&u.StoreID, &u.ProductID)
	u.Source = r.str()
	u.Views, u.Carts, u.Checkouts, u.Purchases, u.Units = r.uint(), r.uint(), r.uint(), r.uint(), r.uint()
	u.Revenue, u.Revision = r.int(), r.uint()
	u.Visitors = r.bytes()
}

// String names the grain as the warehouse's tables do.
func (g Grain) String() string {
	switch g {
	case Minute:
		return "minute"
	case Day:
		return "day"
	}
	return fmt.Sprintf("grain %d", byte(g))
}

// String names the dimensions as the warehouse's tables do.
func (b By) String() string {
	switch b {
	case ByStore:
		return "store"
	case ByProduct:
		return "product"
	case ByStoreSource:
		return "store_source"
	}
	return fmt.Sprintf("dimensions %d", byte(b))
}
