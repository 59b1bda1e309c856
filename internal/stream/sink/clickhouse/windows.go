package clickhouse

import (
	"time"

	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/warehouse/native"
)

// windowKey is the columns that name a window of a partition, and its revision.
type windowKey struct {
	block
	grain, dimensions, source native.Categories
	store, product            native.UUIDs
	start                     native.Times
	partition                 native.UInt32s
	revision                  native.UInt64s
}

func newWindowKey(table string) *windowKey {
	k := &windowKey{block: block{table: table}}
	k.columns = native.Block{
		{Name: "grain", Values: &k.grain}, {Name: "dimensions", Values: &k.dimensions}, {Name: "store_id", Values: &k.store},
		{Name: "window_start", Values: &k.start}, {Name: "product_id", Values: &k.product}, {Name: "traffic_source", Values: &k.source},
		{Name: "stream_partition", Values: &k.partition}, {Name: "revision", Values: &k.revision},
	}
	return k
}

func (k *windowKey) add(partition int, u *record.Update) {
	k.grain.Append(u.Grain.String())
	k.dimensions.Append(u.By.String())
	k.store.Append(u.StoreID)
	k.start.Append(time.Unix(u.Start, 0))
	k.product.Append(u.ProductID)
	k.source.Append(u.Source)
	k.partition.Append(uint32(partition))
	k.revision.Append(u.Revision)
}

// windowColumns are those of live_windows_raw.
type windowColumns struct {
	*windowKey
	views, carts, checkouts, purchases, units native.UInt64s
	revenue                                   native.Money
}

func newWindowColumns() *windowColumns {
	c := &windowColumns{windowKey: newWindowKey("live_windows_raw")}
	c.columns = append(c.columns, native.Block{
		{Name: "views", Values: &c.views}, {Name: "carts", Values: &c.carts}, {Name: "checkouts", Values: &c.checkouts},
		{Name: "purchases", Values: &c.purchases}, {Name: "units", Values: &c.units}, {Name: "live_revenue", Values: &c.revenue},
	}...)
	return c
}

func (c *windowColumns) add(partition int, u *record.Update) {
	c.windowKey.add(partition, u)
	c.views.Append(u.Views)
	c.carts.Append(u.Carts)
	c.checkouts.Append(u.Checkouts)
	c.purchases.Append(u.Purchases)
	c.units.Append(u.Units)
	c.revenue.Append(u.Revenue)
}

// visitorColumns are those of live_visitors_raw: a table of its own, since an
// update without a sketch would take the place of the one that has it.
type visitorColumns struct {
	*windowKey
	visitors native.Strings
}

func newVisitorColumns() *visitorColumns {
	c := &visitorColumns{windowKey: newWindowKey("live_visitors_raw")}
	c.columns = append(c.columns, native.Column{Name: "visitors", Values: &c.visitors})
	return c
}

func (c *visitorColumns) add(partition int, u *record.Update) {
	c.windowKey.add(partition, u)
	c.visitors.AppendBytes(u.Visitors)
}
