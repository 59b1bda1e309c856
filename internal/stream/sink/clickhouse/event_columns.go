package clickhouse

import (
	"io"
	"iter"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/warehouse/native"
)

const eventsTable = "events_raw"

// eventColumns are those of events_raw but for ingested_at: that is the table's
// default, the server's clock when the insert came, which the incremental models
// go by.
type eventColumns struct {
	block
	id, session, user, store                          native.UUIDs
	kind, device, os, browser, country, source, batch native.Categories
	ip, agent, referrer, page, pageView, properties   native.Strings
	at                                                native.Times
	bot                                               native.UInt8s
	position                                          native.UInt64s

	read record.Batch // the one that is being taken
}

func newEventColumns() *eventColumns {
	c := &eventColumns{block: block{table: eventsTable}}
	c.columns = native.Block{
		{Name: "event_id", Values: &c.id}, {Name: "event_type", Values: &c.kind}, {Name: "timestamp", Values: &c.at},
		{Name: "session_id", Values: &c.session}, {Name: "user_id", Values: &c.user}, {Name: "store_id", Values: &c.store},
		{Name: "ip", Values: &c.ip}, {Name: "user_agent", Values: &c.agent}, {Name: "referrer", Values: &c.referrer},
		{Name: "page_url", Values: &c.page}, {Name: "page_view_id", Values: &c.pageView}, {Name: "device_type", Values: &c.device},
		{Name: "os", Values: &c.os}, {Name: "browser", Values: &c.browser}, {Name: "country", Values: &c.country},
		{Name: "traffic_source", Values: &c.source}, {Name: "is_bot", Values: &c.bot}, {Name: "properties", Values: &c.properties},
		{Name: "_batch", Values: &c.batch}, {Name: "_position", Values: &c.position},
	}
	return c
}

// each gives the events of enriched batches, and their indexes, until there is an error.
func (c *eventColumns) each(batches iter.Seq[[]byte], visit func(index int, e *record.Event) error) error {
	index := 0
	for body := range batches {
		if err := record.ReadBatch(body, &c.read); err != nil {
			return err
		}
		for i := range c.read.Events {
			if err := visit(index, &c.read.Events[i]); err != nil {
				return err
			}
			index++
		}
	}
	return nil
}

// write sends the events of batches, and counts those from before a time.
func (c *eventColumns) write(w io.Writer, batch string, batches iter.Seq[[]byte], oldest time.Time) (rows, older int, err error) {
	c.columns.Reset()
	err = c.each(batches, func(index int, e *record.Event) error {
		c.add(batch, index, e)
		rows++
		if e.Timestamp.Before(oldest) {
			older++
		}
		return c.flushFrom(blockRows, w)
	})
	if err == nil {
		err = c.flushFrom(1, w)
	}
	return rows, older, err
}

// add takes the row with that index in its batch.
func (c *eventColumns) add(batch string, index int, e *record.Event) {
	c.batch.Append(batch)
	c.position.Append(uint64(index))
	c.id.Append(e.EventID)
	c.kind.Append(string(e.Type))
	c.at.Append(e.Timestamp)
	c.session.Append(e.SessionID)
	c.user.Append(e.UserID)
	c.store.Append(e.StoreID)
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
	c.bot.AppendFlag(e.Bot)
	c.properties.AppendBytes(e.Properties)
}
