package bench

import (
	"time"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/event"
)

// naiveColumns are those of events_raw, but for where a row came from.
type naiveColumns struct {
	id, session, user, store                        proto.ColUUID
	kind, device, os, browser, source               *proto.ColLowCardinality[string]
	ip, agent, referrer, page, pageView, properties proto.ColStr
	at                                              proto.ColDateTime64
	bot                                             proto.ColUInt8
	all                                             proto.Input
	block                                           proto.Buffer // they are sent as
}

func newNaiveColumns() *naiveColumns {
	c := &naiveColumns{kind: naiveText(), device: naiveText(), os: naiveText(), browser: naiveText(), source: naiveText()}
	c.at.WithPrecision(proto.PrecisionMilli).WithLocation(time.UTC)
	c.all = proto.Input{
		{Name: "event_id", Data: &c.id}, {Name: "event_type", Data: c.kind}, {Name: "timestamp", Data: &c.at},
		{Name: "session_id", Data: &c.session}, {Name: "user_id", Data: &c.user}, {Name: "store_id", Data: &c.store},
		{Name: "ip", Data: &c.ip}, {Name: "user_agent", Data: &c.agent}, {Name: "referrer", Data: &c.referrer},
		{Name: "page_url", Data: &c.page}, {Name: "page_view_id", Data: &c.pageView}, {Name: "device_type", Data: c.device},
		{Name: "os", Data: c.os}, {Name: "browser", Data: c.browser}, {Name: "traffic_source", Data: c.source},
		{Name: "is_bot", Data: &c.bot}, {Name: "properties", Data: &c.properties},
	}
	return c
}

// naiveText is a column of few texts.
func naiveText() *proto.ColLowCardinality[string] {
	return proto.NewLowCardinality[string](new(proto.ColStr))
}

func (c *naiveColumns) rows() int { return len(c.id) }

func (c *naiveColumns) add(ev *event.BaseEvent, source string, bot bool) {
	c.id.Append(uuid.UUID(ev.EventID))
	c.kind.Append(string(ev.Type))
	c.at.Append(ev.Timestamp)
	c.session.Append(uuid.UUID(ev.SessionID))
	c.user.Append(uuid.UUID(ev.UserID))
	c.store.Append(uuid.UUID(ev.StoreID))
	c.ip.Append(ev.Context.IP)
	c.agent.Append(ev.Context.UserAgent)
	c.referrer.Append(ev.Context.Referrer)
	c.page.Append(ev.Context.PageURL)
	view := ""
	if !ev.Context.PageViewID.IsZero() {
		view = ev.Context.PageViewID.String()
	}
	c.pageView.Append(view)
	c.device.Append(string(ev.Context.DeviceType))
	c.os.Append(ev.Context.OS)
	c.browser.Append(ev.Context.Browser)
	c.source.Append(source)
	c.bot.Append(naiveFlag(bot))
	c.properties.AppendBytes(ev.Properties)
}

func naiveFlag(set bool) uint8 {
	if set {
		return 1
	}
	return 0
}
