package bench

import (
	"time"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/google/uuid"
)

// naiveWindowColumns are those of naive.windows.
type naiveWindowColumns struct {
	grain, by, source                                *proto.ColLowCardinality[string]
	store, product                                   proto.ColUUID
	start                                            proto.ColDateTime64
	views, carts, checkouts, purchases, units, money proto.ColInt64
	all                                              proto.Input
}

func newNaiveWindowColumns() *naiveWindowColumns {
	c := &naiveWindowColumns{grain: naiveText(), by: naiveText(), source: naiveText()}
	c.start.WithPrecision(proto.PrecisionMilli).WithLocation(time.UTC)
	c.all = proto.Input{
		{Name: "grain", Data: c.grain}, {Name: "dimensions", Data: c.by}, {Name: "store_id", Data: &c.store}, {Name: "window_start", Data: &c.start},
		{Name: "product_id", Data: &c.product}, {Name: "traffic_source", Data: c.source}, {Name: "views", Data: &c.views}, {Name: "carts", Data: &c.carts},
		{Name: "checkouts", Data: &c.checkouts}, {Name: "purchases", Data: &c.purchases}, {Name: "units", Data: &c.units}, {Name: "live_revenue", Data: &c.money},
	}
	return c
}

// add leaves out windows in which there were only visitors.
func (c *naiveWindowColumns) add(w *naiveWindow, n *counts) {
	if *n == (counts{}) {
		return
	}
	if w.day {
		c.grain.Append("day")
	} else {
		c.grain.Append("minute")
	}
	c.by.Append(w.by)
	c.store.Append(w.store)
	c.start.Append(time.Unix(w.start, 0))
	c.product.Append(w.product)
	c.source.Append(w.source)
	c.views.Append(n.views)
	c.carts.Append(n.carts)
	c.checkouts.Append(n.checkouts)
	c.purchases.Append(n.purchases)
	c.units.Append(n.units)
	c.money.Append(n.revenue)
}

// naiveSessionColumns are those of naive.sessions.
type naiveSessionColumns struct {
	id, user                                                            proto.ColUUID
	started, ended                                                      proto.ColDateTime64
	events, pageViews, money                                            proto.ColInt64
	entry, exit                                                         proto.ColStr
	device, os, browser, source                                         *proto.ColLowCardinality[string]
	stores                                                              *proto.ColArr[uuid.UUID]
	closed, product, cart, checkout, purchase, afterCart, afterCheckout proto.ColUInt8
	bounced, engaged, step                                              proto.ColUInt8
	all                                                                 proto.Input
}

func newNaiveSessionColumns() *naiveSessionColumns {
	c := &naiveSessionColumns{device: naiveText(), os: naiveText(), browser: naiveText(), source: naiveText(), stores: new(proto.ColUUID).Array()}
	c.started.WithPrecision(proto.PrecisionMilli).WithLocation(time.UTC)
	c.ended.WithPrecision(proto.PrecisionMilli).WithLocation(time.UTC)
	c.all = proto.Input{
		{Name: "session_id", Data: &c.id}, {Name: "session_started_at", Data: &c.started}, {Name: "last_event_at", Data: &c.ended},
		{Name: "user_id", Data: &c.user}, {Name: "is_closed", Data: &c.closed}, {Name: "events", Data: &c.events}, {Name: "page_views", Data: &c.pageViews},
		{Name: "entry_url", Data: &c.entry}, {Name: "exit_url", Data: &c.exit}, {Name: "device_type", Data: c.device}, {Name: "os", Data: c.os},
		{Name: "browser", Data: c.browser}, {Name: "traffic_source", Data: c.source}, {Name: "store_ids", Data: c.stores},
		{Name: "has_product_view", Data: &c.product}, {Name: "has_cart", Data: &c.cart}, {Name: "has_checkout", Data: &c.checkout},
		{Name: "has_purchase", Data: &c.purchase}, {Name: "has_purchase_after_cart", Data: &c.afterCart},
		{Name: "has_purchase_after_checkout", Data: &c.afterCheckout}, {Name: "is_bounce", Data: &c.bounced}, {Name: "is_engaged", Data: &c.engaged},
		{Name: "reached_step", Data: &c.step}, {Name: "live_revenue", Data: &c.money},
	}
	return c
}

func (c *naiveSessionColumns) add(s *naiveSession) {
	c.id.Append(s.id)
	c.started.Append(s.started)
	c.ended.Append(s.ended)
	c.user.Append(s.user)
	c.events.Append(s.events)
	c.pageViews.Append(s.pageViews)
	c.entry.Append(s.entry)
	c.exit.Append(s.exit)
	c.device.Append(s.device)
	c.os.Append(s.os)
	c.browser.Append(s.browser)
	c.source.Append(s.source)
	c.stores.Append(s.stores)
	for _, flag := range []struct {
		column *proto.ColUInt8
		set    bool
	}{
		{&c.closed, s.closed}, {&c.product, s.product}, {&c.cart, s.cart}, {&c.checkout, s.checkout}, {&c.purchase, s.purchase},
		{&c.afterCart, s.afterCart}, {&c.afterCheckout, s.afterCheckout}, {&c.bounced, s.bounced()}, {&c.engaged, s.engaged()},
	} {
		flag.column.Append(naiveFlag(flag.set))
	}
	c.step.Append(s.step)
	c.money.Append(s.revenue)
}
