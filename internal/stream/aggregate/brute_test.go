package aggregate

import (
	"encoding/json"
	"math/big"
	"slices"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sketch"
)

// value is what a window holds after a revision.
type value struct {
	record.Counts
	visitors string // as Redis keeps them
}

// brute counts a log as the package's documentation says, slowly: its windows are
// maps of all that came, and JSON is read by the standard library.
type brute struct {
	options  Options
	clock    record.Clock
	at       map[record.Window]*whole
	values   map[record.Window]map[uint64]value // by revision
	tooLate  [grains]uint64
	revision uint64
}

type whole struct {
	record.Counts
	visitors sketch.Sketch
}

func newBrute(o Options) *brute {
	return &brute{options: o, at: map[record.Window]*whole{}, values: map[record.Window]map[uint64]value{}}
}

func (b *brute) fold(batch *record.Batch, revision uint64) {
	b.revision = revision
	watermark := b.clock.Watermark(b.options.Lateness)
	for i := range batch.Events {
		e := &batch.Events[i]
		if !e.Type.Web() || e.Bot || e.Unsettled {
			continue
		}
		y, m, d := e.Timestamp.In(b.options.Location).Date()
		day := time.Date(y, m, d, 0, 0, 0, 0, b.options.Location)
		starts := [grains]time.Time{e.Timestamp.Truncate(time.Minute), day}
		ends := [grains]time.Time{starts[0].Add(time.Minute), day.AddDate(0, 0, 1)}
		for g, end := range ends {
			if watermark.After(end.Add(b.options.Keep)) {
				b.tooLate[g]++
				continue
			}
			b.count(record.Window{Grain: record.Grain(g), Start: starts[g].Unix()}, e)
		}
	}
	b.clock.Fold(batch)
}

func (b *brute) count(w record.Window, e *record.Event) {
	c, byProduct := read(e)
	for _, store := range slices.Compact([]event.ID{{}, e.StoreID}) {
		w.StoreID = store
		w.By, w.Source = record.ByStore, ""
		b.add(w, c, e)
		w.By, w.Source = record.ByStoreSource, e.Source
		b.add(w, c, e)
	}
	if e.StoreID == (event.ID{}) {
		return
	}
	for product, c := range byProduct {
		b.add(record.Window{Grain: w.Grain, Start: w.Start, By: record.ByProduct, StoreID: e.StoreID, ProductID: product}, c, e)
	}
}

func (b *brute) add(w record.Window, c record.Counts, e *record.Event) {
	if b.at[w] == nil {
		b.at[w], b.values[w] = &whole{}, map[uint64]value{}
	}
	h := b.at[w]
	before := string(h.visitors.AppendRedis(nil))
	id := e.UserID
	if id == (event.ID{}) {
		id = e.SessionID
	}
	h.visitors.Add(sketch.Hash([]byte(id.String())))
	h.Views += c.Views
	h.Carts += c.Carts
	h.Checkouts += c.Checkouts
	h.Purchases += c.Purchases
	h.Units += c.Units
	h.Revenue += c.Revenue
	visitors := string(h.visitors.AppendRedis(nil))
	if visitors != before || c != (record.Counts{}) {
		b.values[w][b.revision] = value{h.Counts, visitors}
	}
}

// read gives an event's counts, and those of its products.
func read(e *record.Event) (c record.Counts, by map[event.ID]record.Counts) {
	var p struct {
		ProductID string          `json:"product_id"`
		Total     json.RawMessage `json:"total"`
		Items     json.RawMessage `json:"items"`
	}
	_ = json.Unmarshal(e.Properties, &p)
	var items []struct {
		ProductID string `json:"product_id"`
		Quantity  int64
		Price     json.Number
	}
	_ = json.Unmarshal(p.Items, &items)
	by = map[event.ID]record.Counts{}
	switch e.Type {
	case event.ProductViewed:
		c.Views = 1
	case event.AddToCart:
		c.Carts = 1
	case event.CheckoutStarted:
		c.Checkouts = 1
	case event.PurchaseCompleted:
		c.Purchases, c.Revenue = 1, cents(string(p.Total))
	default:
		return c, by
	}
	one := c
	one.Revenue = 0
	if c.Views+c.Carts > 0 {
		items = items[:0]
		if id, err := event.ParseID([]byte(p.ProductID)); err == nil {
			by[id] = one
		}
	}
	for _, item := range items {
		id, err := event.ParseID([]byte(item.ProductID))
		of, ok := by[id]
		if !ok {
			of = one
		}
		if c.Purchases > 0 {
			c.Units += uint64(item.Quantity)
			of.Units += uint64(item.Quantity)
			of.Revenue += item.Quantity * cents(item.Price.String())
		}
		if err == nil {
			by[id] = of
		}
	}
	return c, by
}

func cents(text string) int64 {
	exact, ok := new(big.Rat).SetString(text)
	if !ok {
		return 0
	}
	exact.Mul(exact, big.NewRat(100, 1))
	return new(big.Int).Quo(exact.Num(), exact.Denom()).Int64()
}
