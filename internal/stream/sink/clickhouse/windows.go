package clickhouse

import (
	"time"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/stream/record"
)

// windowKey is the columns that name a window of a partition, and its revision.
type windowKey struct {
	block
	grain, dimensions, source *category
	store, product            proto.ColUUID
	start                     *moments
	partition                 proto.ColUInt32
	revision                  proto.ColUInt64
}

func newWindowKey(table string) *windowKey {
	k := &windowKey{grain: newCategory(), dimensions: newCategory(), source: newCategory(), start: newMoments()}
	k.table = table
	k.columns = proto.Input{
		{Name: "grain", Data: k.grain}, {Name: "dimensions", Data: k.dimensions}, {Name: "store_id", Data: &k.store},
		{Name: "window_start", Data: k.start}, {Name: "product_id", Data: &k.product}, {Name: "traffic_source", Data: k.source},
		{Name: "stream_partition", Data: &k.partition}, {Name: "revision", Data: &k.revision},
	}
	return k
}

func (k *windowKey) add(partition int, u *record.Update) {
	k.grain.Append(u.Grain.String())
	k.dimensions.Append(u.By.String())
	k.store.Append(uuid.UUID(u.StoreID))
	k.start.add(time.Unix(u.Start, 0))
	k.product.Append(uuid.UUID(u.ProductID))
	k.source.Append(u.Source)
	k.partition.Append(uint32(partition))
	k.revision.Append(u.Revision)
}

// windowColumns are those of live_windows_raw.
type windowColumns struct {
	*windowKey
	views, carts, checkouts, purchases, units proto.ColUInt64
	revenue                                   money
}

func newWindowColumns() *windowColumns {
	c := &windowColumns{windowKey: newWindowKey("live_windows_raw")}
	c.columns = append(c.columns, proto.Input{
		{Name: "views", Data: &c.views}, {Name: "carts", Data: &c.carts}, {Name: "checkouts", Data: &c.checkouts},
		{Name: "purchases", Data: &c.purchases}, {Name: "units", Data: &c.units}, {Name: "live_revenue", Data: &c.revenue},
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
	c.revenue.add(u.Revenue)
}

// visitorColumns are those of live_visitors_raw: a table of its own, since an
// update without a sketch would take the place of the one that has it.
type visitorColumns struct {
	*windowKey
	visitors proto.ColStr
}

func newVisitorColumns() *visitorColumns {
	c := &visitorColumns{windowKey: newWindowKey("live_visitors_raw")}
	c.columns = append(c.columns, proto.InputColumn{Name: "visitors", Data: &c.visitors})
	return c
}

func (c *visitorColumns) add(partition int, u *record.Update) {
	c.windowKey.add(partition, u)
	c.visitors.AppendBytes(u.Visitors)
}
