package bench

import (
	"bytes"
	"context"
	"strings"
	"time"

	"github.com/ClickHouse/ch-go/proto"
	"github.com/google/uuid"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// naiveColumns are those of events_raw, but for where a row came from.
type naiveColumns struct {
	id, session, user, store                        proto.ColUUID
	kind, device, os, browser, source               *proto.ColLowCardinality[string]
	ip, agent, referrer, page, pageView, properties proto.ColStr
	at                                              proto.ColDateTime64
	bot                                             proto.ColUInt8
	all                                             proto.Input
}

func newNaiveColumns() *naiveColumns {
	text := func() *proto.ColLowCardinality[string] { return proto.NewLowCardinality[string](new(proto.ColStr)) }
	c := &naiveColumns{kind: text(), device: text(), os: text(), browser: text(), source: text()}
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
	if c.bot = append(c.bot, 0); bot {
		c.bot[len(c.bot)-1] = 1
	}
	c.properties.AppendBytes(ev.Properties)
}

// naiveTable is events_raw's twin.
const naiveTable = `CREATE TABLE IF NOT EXISTS naive.events (
	event_id UUID, event_type LowCardinality(String), timestamp DateTime64(3, 'UTC'), session_id UUID, user_id UUID, store_id UUID,
	ip String, user_agent String, referrer String, page_url String, page_view_id String, device_type LowCardinality(String),
	os LowCardinality(String), browser LowCardinality(String), traffic_source LowCardinality(String), is_bot UInt8, properties String
) ENGINE = MergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (store_id, timestamp, event_id)`

// naiveClickHouse inserts rows as blocks of columns.
func naiveClickHouse(s *naiveSettings) (func(*naiveBatch) error, error) {
	ctx := context.Background()
	client, err := warehouse.Open(ctx, s.Warehouse)
	if err != nil {
		return nil, err
	}
	for _, sql := range []string{"CREATE DATABASE IF NOT EXISTS naive", naiveTable} {
		if _, err := client.Exec(ctx, sql); err != nil {
			return nil, err
		}
	}
	return func(b *naiveBatch) error {
		var block proto.Buffer
		columns := b.rows.all
		if err := (proto.Block{Columns: len(columns), Rows: b.rows.rows()}).EncodeRawBlock(&block, 0, columns); err != nil {
			return err
		}
		names := make([]string, len(columns))
		for i := range columns {
			names[i] = columns[i].Name
		}
		_, err := client.InsertStream(ctx, "INSERT INTO naive.events ("+strings.Join(names, ", ")+") FORMAT Native", bytes.NewReader(block.Buf), "")
		return err
	}, nil
}
