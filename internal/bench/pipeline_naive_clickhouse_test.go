package bench

import (
	"bytes"
	"context"
	"strings"

	"github.com/ClickHouse/ch-go/proto"

	"github.com/tiendi/tiendi/internal/warehouse"
)

// naiveWarehouse has the twins of tiendi's raw tables. Windows hold what each batch adds,
// and money in hundredths; the visitors of a window can be counted from the events.
var naiveWarehouse = []string{
	"CREATE DATABASE IF NOT EXISTS naive",
	`CREATE TABLE IF NOT EXISTS naive.events (
		event_id UUID, event_type LowCardinality(String), timestamp DateTime64(3, 'UTC'), session_id UUID, user_id UUID, store_id UUID,
		ip String, user_agent String, referrer String, page_url String, page_view_id String, device_type LowCardinality(String),
		os LowCardinality(String), browser LowCardinality(String), traffic_source LowCardinality(String), is_bot UInt8, properties String
	) ENGINE = MergeTree PARTITION BY toYYYYMM(timestamp) ORDER BY (store_id, timestamp, event_id)`,
	`CREATE TABLE IF NOT EXISTS naive.windows (
		grain LowCardinality(String), dimensions LowCardinality(String), store_id UUID, window_start DateTime64(3, 'UTC'), product_id UUID,
		traffic_source LowCardinality(String), views Int64, carts Int64, checkouts Int64, purchases Int64, units Int64, live_revenue Int64
	) ENGINE = SummingMergeTree PARTITION BY toYYYYMM(window_start)
	ORDER BY (grain, dimensions, store_id, window_start, product_id, traffic_source)`,
	`CREATE TABLE IF NOT EXISTS naive.sessions (
		session_id UUID, session_started_at DateTime64(3, 'UTC'), last_event_at DateTime64(3, 'UTC'), user_id UUID, is_closed UInt8,
		events Int64, page_views Int64, entry_url String, exit_url String, device_type LowCardinality(String), os LowCardinality(String),
		browser LowCardinality(String), traffic_source LowCardinality(String), store_ids Array(UUID), has_product_view UInt8, has_cart UInt8,
		has_checkout UInt8, has_purchase UInt8, has_purchase_after_cart UInt8, has_purchase_after_checkout UInt8, is_bounce UInt8,
		is_engaged UInt8, reached_step UInt8, live_revenue Int64
	) ENGINE = ReplacingMergeTree(last_event_at) PARTITION BY toYYYYMM(session_started_at) ORDER BY (session_id, session_started_at)`,
}

// naiveClickHouse inserts blocks of columns.
type naiveClickHouse struct{ client *warehouse.Client }

func openNaiveWarehouse(s *naiveSettings) (*naiveClickHouse, error) {
	ctx := context.Background()
	client, err := warehouse.Open(ctx, s.Warehouse)
	if err != nil {
		return nil, err
	}
	for _, sql := range naiveWarehouse {
		if _, err := client.Exec(ctx, sql); err != nil {
			return nil, err
		}
	}
	return &naiveClickHouse{client}, nil
}

func (h *naiveClickHouse) events(rows *naiveColumns) error {
	return h.insert("naive.events", rows.all, &rows.block)
}

// figures inserts what windows gain, and sessions.
func (h *naiveClickHouse) figures(f *naiveFigures) error {
	windows, sessions := newNaiveWindowColumns(), newNaiveSessionColumns()
	for w, c := range f.windows {
		windows.add(&w, c)
	}
	for i := range f.sessions {
		sessions.add(&f.sessions[i])
	}
	var block proto.Buffer
	if err := h.insert("naive.windows", windows.all, &block); err != nil {
		return err
	}
	return h.insert("naive.sessions", sessions.all, &block)
}

// insert sends columns by way of a buffer, if they have rows.
func (h *naiveClickHouse) insert(table string, columns proto.Input, block *proto.Buffer) error {
	rows := columns[0].Data.Rows()
	if rows == 0 {
		return nil
	}
	block.Reset()
	if err := (proto.Block{Columns: len(columns), Rows: rows}).EncodeRawBlock(block, 0, columns); err != nil {
		return err
	}
	names := make([]string, len(columns))
	for i := range columns {
		names[i] = columns[i].Name
	}
	// Of each key a block has one row already.
	once := warehouse.WithSettings(map[string]any{"optimize_on_insert": 0})
	_, err := h.client.InsertStream(context.Background(), "INSERT INTO "+table+" ("+strings.Join(names, ", ")+") FORMAT Native", bytes.NewReader(block.Buf), "", once)
	return err
}
