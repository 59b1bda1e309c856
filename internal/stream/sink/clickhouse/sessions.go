package clickhouse

import (
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/warehouse/native"
)

// sessionColumns are those of live_sessions_raw.
type sessionColumns struct {
	block
	id, user                                     native.UUIDs
	started, ended                               native.Times
	revision, events, pageViews                  native.UInt64s
	entry, exit                                  native.Strings
	device, os, browser, country, source         native.Categories
	stores                                       native.UUIDLists
	closed, gone, productView, cart              native.UInt8s
	checkout, purchase, afterCart, afterCheckout native.UInt8s
	bounced, engaged                             native.UInt8s
	step                                         native.UInt8s
	revenue                                      native.Money
}

func newSessionColumns() *sessionColumns {
	c := &sessionColumns{block: block{table: "live_sessions_raw"}}
	c.columns = native.Block{
		{Name: "session_id", Values: &c.id}, {Name: "session_started_at", Values: &c.started}, {Name: "last_event_at", Values: &c.ended},
		{Name: "user_id", Values: &c.user}, {Name: "revision", Values: &c.revision}, {Name: "is_closed", Values: &c.closed}, {Name: "is_gone", Values: &c.gone},
		{Name: "events", Values: &c.events}, {Name: "page_views", Values: &c.pageViews}, {Name: "entry_url", Values: &c.entry}, {Name: "exit_url", Values: &c.exit},
		{Name: "device_type", Values: &c.device}, {Name: "os", Values: &c.os}, {Name: "browser", Values: &c.browser},
		{Name: "country", Values: &c.country}, {Name: "traffic_source", Values: &c.source}, {Name: "store_ids", Values: &c.stores},
		{Name: "has_product_view", Values: &c.productView}, {Name: "has_cart", Values: &c.cart}, {Name: "has_checkout", Values: &c.checkout},
		{Name: "has_purchase", Values: &c.purchase}, {Name: "has_purchase_after_cart", Values: &c.afterCart}, {Name: "has_purchase_after_checkout", Values: &c.afterCheckout},
		{Name: "is_bounce", Values: &c.bounced}, {Name: "is_engaged", Values: &c.engaged}, {Name: "reached_step", Values: &c.step}, {Name: "live_revenue", Values: &c.revenue},
	}
	return c
}

func (c *sessionColumns) add(s *record.Session) {
	c.id.Append(s.SessionID)
	c.started.Append(s.StartedAt)
	c.ended.Append(s.EndedAt)
	c.user.Append(s.UserID)
	c.revision.Append(s.Revision)
	c.closed.AppendFlag(s.Closed)
	c.gone.AppendFlag(s.Gone)
	c.events.Append(s.Events)
	c.pageViews.Append(s.PageViews)
	c.entry.Append(s.EntryURL)
	c.exit.Append(s.ExitURL)
	c.device.Append(string(s.Device))
	c.os.Append(s.OS)
	c.browser.Append(s.Browser)
	c.country.Append(s.Country)
	c.source.Append(s.Source)
	c.addStores(s)
	c.addFunnel(s)
}

func (c *sessionColumns) addStores(s *record.Session) {
	for _, id := range s.Stores {
		c.stores.Add(id)
	}
	c.stores.End()
}

func (c *sessionColumns) addFunnel(s *record.Session) {
	c.productView.AppendFlag(s.HasProductView)
	c.cart.AppendFlag(s.HasCart)
	c.checkout.AppendFlag(s.HasCheckout)
	c.purchase.AppendFlag(s.HasPurchase)
	c.afterCart.AppendFlag(s.PurchaseAfterCart)
	c.afterCheckout.AppendFlag(s.PurchaseAfterCheckout)
	c.bounced.AppendFlag(s.Bounced)
	c.engaged.AppendFlag(s.Engaged)
	c.step.Append(s.ReachedStep)
	c.revenue.Append(s.Revenue)
}
