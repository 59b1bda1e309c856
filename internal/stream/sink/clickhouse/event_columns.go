package clickhouse

import (
	"github.com/ClickHouse/ch-go/proto"
	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

const eventsTable = "events_raw"

// eventColumns are those of events_raw but for ingested_at: that is the table's
// default, the server's clock when the insert came, which the incremental models
// go by.
type eventColumns struct {
	block
	id, session, user, store                          proto.ColUUID
	kind, device, os, browser, country, source, batch *category
	ip, agent, referrer, page, pageView, properties   proto.ColStr
	at                                                *moments
	bot                                               flags
	position                                          proto.ColUInt64
}

func newEventColumns() *eventColumns {
	c := &eventColumns{
		kind: newCategory(), device: newCategory(), os: newCategory(), browser: newCategory(),
		country: newCategory(), source: newCategory(), batch: newCategory(), at: newMoments(),
	}
	c.table = eventsTable
	c.columns = proto.Input{
		{Name: "event_id", Data: &c.id}, {Name: "event_type", Data: c.kind}, {Name: "timestamp", Data: c.at},
		{Name: "session_id", Data: &c.session}, {Name: "user_id", Data: &c.user}, {Name: "store_id", Data: &c.store},
		{Name: "ip", Data: &c.ip}, {Name: "user_agent", Data: &c.agent}, {Name: "referrer", Data: &c.referrer},
		{Name: "page_url", Data: &c.page}, {Name: "page_view_id", Data: &c.pageView}, {Name: "device_type", Data: c.device},
		{Name: "os", Data: c.os}, {Name: "browser", Data: c.browser}, {Name: "country", Data: c.country},
		{Name: "traffic_source", Data: c.source}, {Name: "is_bot", Data: &c.bot}, {Name: "properties", Data: &c.properties},
		{Name: "_batch", Data: c.batch}, {Name: "_position", Data: &c.position},
	}
	return c
}

// fill takes rows in place of what the columns held.
func (c *eventColumns) fill(batch string, rows []record.Event) {
	c.columns.Reset()
	for i := range rows {
		c.add(batch, i, &rows[i])
	}
}

// add takes the row with that index in its batch.
func (c *eventColumns) add(batch string, index int, e *record.Event) {
	c.batch.Append(batch)
	c.position.Append(uint64(index))
	c.id.Append(uuid.UUID(e.EventID))
	c.kind.Append(string(e.Type))
	c.at.add(e.Timestamp)
	c.session.Append(uuid.UUID(e.SessionID))
	c.user.Append(uuid.UUID(e.UserID))
	c.store.Append(uuid.UUID(e.StoreID))
	x := &e.Context
	c.ip.Append(x.IP)
	c.agent.Append(x.UserAgent)
	c.referrer.Append(x.Referrer)
	c.page.Append(x.PageURL)
	var text [36]byte
	view := text[:0]
	if !x.PageViewID.IsZero() {
		view = event.AppendID(view, x.PageViewID)
	}
	c.pageView.AppendBytes(view)
	c.device.Append(string(x.DeviceType))
	c.os.Append(x.OS)
	c.browser.Append(x.Browser)
	c.country.Append(e.Country)
	c.source.Append(e.Source)
	c.bot.add(e.Bot)
	c.properties.AppendBytes(e.Properties)
}
