package clickhouse

import (
	"github.com/ClickHouse/ch-go/proto"
	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/stream/record"
)

// sessionColumns are those of live_sessions_raw.
type sessionColumns struct {
	block
	id, user                                     proto.ColUUID
	started, ended                               *moments
	revision, events, pageViews                  proto.ColUInt64
	entry, exit                                  proto.ColStr
	device, os, browser, country, source         *category
	stores                                       *proto.ColArr[uuid.UUID]
	closed, gone, productView, cart              flags
	checkout, purchase, afterCart, afterCheckout flags
	bounced, engaged                             flags
	step                                         proto.ColUInt8
	revenue                                      money
}

func newSessionColumns() *sessionColumns {
	c := &sessionColumns{
		started: newMoments(), ended: newMoments(),
		device: newCategory(), os: newCategory(), browser: newCategory(), country: newCategory(), source: newCategory(),
		stores: proto.NewArray[uuid.UUID](new(proto.ColUUID)),
	}
	c.table = "live_sessions_raw"
	c.columns = proto.Input{
		{Name: "session_id", Data: &c.id}, {Name: "session_started_at", Data: c.started}, {Name: "last_event_at", Data: c.ended},
		{Name: "user_id", Data: &c.user}, {Name: "revision", Data: &c.revision}, {Name: "is_closed", Data: &c.closed}, {Name: "is_gone", Data: &c.gone},
		{Name: "events", Data: &c.events}, {Name: "page_views", Data: &c.pageViews}, {Name: "entry_url", Data: &c.entry}, {Name: "exit_url", Data: &c.exit},
		{Name: "device_type", Data: c.device}, {Name: "os", Data: c.os}, {Name: "browser", Data: c.browser},
		{Name: "country", Data: c.country}, {Name: "traffic_source", Data: c.source}, {Name: "store_ids", Data: c.stores},
		{Name: "has_product_view", Data: &c.productView}, {Name: "has_cart", Data: &c.cart}, {Name: "has_checkout", Data: &c.checkout},
		{Name: "has_purchase", Data: &c.purchase}, {Name: "has_purchase_after_cart", Data: &c.afterCart}, {Name: "has_purchase_after_checkout", Data: &c.afterCheckout},
		{Name: "is_bounce", Data: &c.bounced}, {Name: "is_engaged", Data: &c.engaged}, {Name: "reached_step", Data: &c.step}, {Name: "live_revenue", Data: &c.revenue},
	}
	return c
}

func (c *sessionColumns) add(s *record.Session) {
	c.id.Append(uuid.UUID(s.SessionID))
	c.started.add(s.StartedAt)
	c.ended.add(s.EndedAt)
	c.user.Append(uuid.UUID(s.UserID))
	c.revision.Append(s.Revision)
	c.closed.add(s.Closed)
	c.gone.add(s.Gone)
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
	ids := make([]uuid.UUID, len(s.Stores))
	for i, id := range s.Stores {
		ids[i] = uuid.UUID(id)
	}
	c.stores.Append(ids)
}

func (c *sessionColumns) addFunnel(s *record.Session) {
	c.productView.add(s.HasProductView)
	c.cart.add(s.HasCart)
	c.checkout.add(s.HasCheckout)
	c.purchase.add(s.HasPurchase)
	c.afterCart.add(s.PurchaseAfterCart)
	c.afterCheckout.add(s.PurchaseAfterCheckout)
	c.bounced.add(s.Bounced)
	c.engaged.add(s.Engaged)
	c.step.Append(s.ReachedStep)
	c.revenue.add(s.Revenue)
}
