package verify

import (
	"fmt"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// margin is how far outside the range copies of an event are looked for: one that is
// sent again may bear another time.
const margin = 24 * time.Hour

// events compares events by their ids, and then what the marts count of them.
func (p *planner) events() {
	if !p.has("events_raw") {
		return
	}
	kept := p.unexpired()
	if kept.From.Before(kept.To) && p.Archive != nil {
		p.add(kept.archived())
	}
	if !p.has("events_staging") {
		return
	}
	if kept.From.Before(kept.To) {
		p.add(kept.stagedEvents())
	}
	p.traffic()
}

// unexpired is the part of the range of which all raw events are still there.
func (p *planner) unexpired() *Shape {
	s := *p.Shape
	if s.TTLYears <= 0 {
		return &s
	}
	y, m, d := s.Now.In(s.Zone).AddDate(-s.TTLYears, 0, 2).Date()
	if oldest := s.Begins(y, m, d, s.Zone); s.From.Before(oldest) {
		s.From = oldest
		p.notes = append(p.notes, "raw events before "+oldest.Format(time.DateOnly)+" expire: they are not compared")
	}
	return &s
}

// pair counts ids that are on either side, each on one day: that of side To where it is
// there. An id of one side alone counts where it is due on the other.
func (s *Shape) pair(from, to string) string {
	return fmt.Sprintf(`SELECT toString(%s) AS day,
  toString(countIf(in_from)) AS from_events,
  toString(countIf(in_to)) AS to_events
FROM (
  SELECT argMin(timestamp, tuple(NOT is_to, ingested_at, timestamp)) AS at,
    max(NOT is_to) AS in_from, max(is_to) AS in_to, max(due) AS is_due
  FROM (
    %s
    UNION ALL
    %s
  ) GROUP BY event_id
)
WHERE %s AND (in_from AND in_to OR is_due)
GROUP BY day`, s.day("at"), from, to, s.within("at", 0))
}

// valid are the events that staging takes.
const valid = "event_id != " + noID + " AND event_type != ''"

func (s *Shape) stagedEvents() Check {
	raw, staging := s.Relations["events_raw"], s.Relations["events_staging"]
	return Check{
		Table: "events", From: Place{Raw, "events_raw"}, To: Place{Staging, "events_staging"}, Figures: []string{"events"},
		Advice: fmt.Sprintf(backfillOf, "events_staging"),
		Queries: []Query{{SQL: s.pair(
			fmt.Sprintf("SELECT event_id, timestamp, ingested_at, 0 AS is_to, %s AS due FROM %s WHERE %s AND %s", s.seen(staging), raw, s.within("timestamp", margin), valid),
			fmt.Sprintf("SELECT event_id, timestamp, ingested_at, 1 AS is_to, 1 AS due FROM %s WHERE %s", staging, s.within("timestamp", margin)),
		)}},
	}
}

// archived compares what came through the streams, since there is an archive.
func (s *Shape) archived() Check {
	a := s.Archive
	due := fmt.Sprintf("startsWith(_batch, 'stream/') AND ingested_at >= %s AND ingested_at <= %s", warehouse.Instant(a.Began, nil), warehouse.Instant(s.Now.Add(-settling), nil))
	return Check{
		Table: "events", From: Place{Archive, "events"}, To: Place{Raw, "events_raw"}, Figures: []string{"events"},
		Advice: "tiendi archive verify says whether the archive is whole; what the raw table lacks comes back by tiendi backfill --from {from} --to {to} -s events_staging+ --from-archive",
		Queries: []Query{{SQL: s.pair(
			fmt.Sprintf("SELECT event_id, timestamp, toDateTime64(0, 6, 'UTC') AS ingested_at, 0 AS is_to, settled AS due FROM %s WHERE %s", a.Table, s.within("timestamp", margin)),
			fmt.Sprintf("SELECT event_id, timestamp, ingested_at, 1 AS is_to, %s AS due FROM %s WHERE %s", due, s.Relations["events_raw"], s.within("timestamp", margin)),
		)}},
	}
}

// traffic compares what the marts count of events with staging.
func (p *planner) traffic() {
	staging := p.Relations["events_staging"]
	const web = "is_web AND NOT is_bot"
	views, purchases := "countIf(event_type = 'product_viewed')", "countIf(event_type = 'purchase_completed')"
	for _, m := range []struct {
		mart, base, of, among string
		names, counted        []string
	}{
		{"traffic_mart", "session_events", web + " AND session_id != " + noID, "scope = 'platform'",
			[]string{"web_events", "product_views", "purchases", "live_revenue"}, []string{"count()", views, purchases, "sum(total)"}},
		{"product_traffic", "session_events", web + " AND session_id != " + noID, "", []string{"web_events", "product_views"}, []string{"count()", views}},
		{"user_days", "user_days", web + " AND user_id != " + noID, "", []string{"web_events"}, []string{"count()"}},
		{"api_mart", "api_mart", "event_type = 'api_request'", "", []string{"requests", "errors"}, []string{"count()", "countIf(JSONExtractUInt(properties, 'status') >= 500)"}},
	} {
		if !p.has(m.mart) {
			continue
		}
		sums := make([]string, len(m.names))
		for i, name := range m.names {
			sums[i] = "sum(" + name + ")"
		}
		p.add(Check{
			Table: "events", From: Place{Staging, "events_staging"}, To: Place{Marts, m.mart}, Figures: m.names,
			Advice: fmt.Sprintf(backfillOf, m.base),
			Queries: []Query{
				{SQL: strings.Replace(p.byDay(m.counted, staging, p.within("timestamp", 0)+" AND "+m.of), p.day("at"), p.day("timestamp"), 1)},
				{SQL: p.ofDays(sums, p.Relations[m.mart], m.among)},
			},
		})
	}
}
