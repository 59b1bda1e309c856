package run

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/chaos"
	"github.com/tiendi/tiendi/internal/project"
)

// rawTable adds a source table that others write to.
func (s *shop) rawTable(name, columns string) {
	s.exec(fmt.Sprintf("CREATE TABLE {%s} (%s) ENGINE = MergeTree ORDER BY tuple()", name, columns))
	n := &project.Node{UniqueID: "source.shop." + name, Kind: project.Source, Name: name, Relation: project.Relation{Schema: s.schema, Identifier: name}}
	s.nodes[n.UniqueID] = n
}

func TestMaterializedView(t *testing.T) {
	s := open(t)
	s.rawTable("raw", "k UInt8, ingested_at DateTime64(6, 'UTC') DEFAULT now64(6)")
	s.exec("INSERT INTO {raw} (k) VALUES (1), (2)")
	s.model("counts", "materialized_view", "SELECT k, count() AS n FROM {raw} GROUP BY k", map[string]any{"engine": "SummingMergeTree()", "order_by": "k"}, "source.shop.raw")
	s.run()
	s.want("SELECT k, sum(n) FROM {counts} GROUP BY k ORDER BY k", "1 1", "2 1")
	s.exec("INSERT INTO {raw} (k) VALUES (2), (3)")
	s.want("SELECT k, sum(n) FROM {counts} GROUP BY k ORDER BY k", "1 1", "2 2", "3 1")
	// A new query holds from now on; a full refresh applies it to all rows.
	s.sql["model.shop.counts"] = "SELECT k, count() * 10 AS n FROM {raw} GROUP BY k"
	s.run()
	s.exec("INSERT INTO {raw} (k) VALUES (1)")
	s.want("SELECT k, sum(n) FROM {counts} GROUP BY k ORDER BY k", "1 11", "2 2", "3 1")
	s.run(full)
	s.want("SELECT k, sum(n) FROM {counts} GROUP BY k ORDER BY k", "1 20", "2 20", "3 10")
	s.exec("INSERT INTO {raw} (k) VALUES (4)")
	s.want("SELECT k, sum(n) FROM {counts} GROUP BY k ORDER BY k", "1 20", "2 20", "3 10", "4 10")
	s.want("SELECT name FROM system.tables WHERE database = '{this_schema}' ORDER BY name", "counts", "counts_mv", "raw")
}

func TestMaterializedViewOfUnstampedRows(t *testing.T) {
	s := open(t)
	s.rawTable("raw", "k UInt8")
	s.exec("INSERT INTO {raw} (k) VALUES (1)")
	s.model("counts", "materialized_view", "SELECT k, 'a' AS v FROM {raw}", map[string]any{"order_by": "k"}, "source.shop.raw")
	s.run()
	s.exec("INSERT INTO {raw} (k) VALUES (2)")
	s.run(full)
	s.want("SELECT k FROM {counts} ORDER BY k", "1", "2")
	s.want("SELECT name FROM system.tables WHERE database = '{this_schema}' ORDER BY name", "counts", "counts_mv", "raw")
	notices := 0
	for _, e := range s.events {
		if e.Kind == Notice {
			notices++
		}
	}
	if notices == 0 {
		t.Error("no notice of rows that may be missed")
	}
}

// A rebuild that died while its tables changed names left out some rows.
func TestMaterializedViewRebuildDied(t *testing.T) {
	s := open(t)
	s.rawTable("raw", "k UInt8, ingested_at DateTime64(6, 'UTC') DEFAULT now64(6)")
	s.model("counts", "materialized_view", "SELECT k, count() AS n FROM {raw} GROUP BY k", map[string]any{"engine": "SummingMergeTree()", "order_by": "k"}, "source.shop.raw")
	s.run()
	s.exec("ALTER TABLE {counts_mv} MODIFY QUERY SELECT k, count() AS n FROM (SELECT * FROM {raw} WHERE (k != 2 OR 'tiendi: rebuild unfinished' = '')) AS raw GROUP BY k")
	s.exec("INSERT INTO {raw} (k) VALUES (1), (2)")
	s.run()
	s.exec("INSERT INTO {raw} (k) VALUES (2)")
	s.want("SELECT k, sum(n) FROM {counts} GROUP BY k ORDER BY k", "1 1", "2 2")
	s.nothingLeft()
}

// The table of a view has gone: both are made again.
func TestMaterializedViewWithoutTable(t *testing.T) {
	s := open(t)
	s.rawTable("raw", "k UInt8, ingested_at DateTime64(6, 'UTC') DEFAULT now64(6)")
	s.model("counts", "materialized_view", "SELECT k FROM {raw}", map[string]any{"order_by": "k"}, "source.shop.raw")
	s.run()
	s.exec("INSERT INTO {raw} (k) VALUES (1)")
	s.exec("DROP TABLE {counts} SYNC")
	s.run()
	s.exec("INSERT INTO {raw} (k) VALUES (2)")
	s.want("SELECT k FROM {counts} ORDER BY k", "1", "2")
	s.nothingLeft()
}

// Two views feed one table, as dbt-clickhouse has it.
func TestMaterializedViewOfTwoSources(t *testing.T) {
	s := open(t)
	s.rawTable("raw_a", "k UInt8, ingested_at DateTime64(6, 'UTC') DEFAULT now64(6)")
	s.rawTable("raw_b", "k UInt8, ingested_at DateTime64(6, 'UTC') DEFAULT now64(6)")
	s.exec("INSERT INTO {raw_a} (k) VALUES (1)")
	s.model("both", "materialized_view", "--a:begin\nSELECT k, 'a' AS v FROM {raw_a}\n--a:end\nUNION ALL\n--b:begin\nSELECT k, 'b' AS v FROM {raw_b}\n--b:end",
		map[string]any{"order_by": "k"}, "source.shop.raw_a", "source.shop.raw_b")
	s.run()
	s.exec("INSERT INTO {raw_b} (k) VALUES (2)")
	s.want("SELECT k, v FROM {both} ORDER BY k", "1 a", "2 b")
	s.run(full)
	s.exec("INSERT INTO {raw_a} (k) VALUES (3)")
	s.want("SELECT k, v FROM {both} ORDER BY k", "1 a", "2 b", "3 a")
}

// A model that stops being a materialized view loses the view, which would
// write into the table that takes its place.
func TestMaterializedViewBecomesTable(t *testing.T) {
	s := open(t)
	s.rawTable("raw", "k UInt8, ingested_at DateTime64(6, 'UTC') DEFAULT now64(6)")
	s.model("counts", "materialized_view", "SELECT k FROM {raw}", map[string]any{"order_by": "k"}, "source.shop.raw")
	s.run()
	s.nodes["model.shop.counts"].Config.Materialized = "table"
	s.run()
	s.exec("INSERT INTO {raw} (k) VALUES (1)")
	s.want("SELECT count() FROM {counts}", "0")
	s.want("SELECT name FROM system.tables WHERE database = '{this_schema}' ORDER BY name", "counts", "raw")
}

// Rebuilds under writers lose no row and take none twice.
func TestChaosMaterializedViewRebuiltUnderWriters(t *testing.T) {
	s := open(t)
	s.rawTable("raw", "k UInt64, ingested_at DateTime64(6, 'UTC') DEFAULT now64(6)")
	s.model("counts", "materialized_view", "SELECT k % 10 AS d, count() AS n, sum(k) AS total FROM {raw} GROUP BY d", map[string]any{"engine": "SummingMergeTree()", "order_by": "d"}, "source.shop.raw")
	ctx, stop := context.WithCancel(t.Context())
	var written atomic.Int64
	done := make(chan error, 2)
	for range 2 {
		go func() {
			for ctx.Err() == nil {
				if _, err := s.client.Exec(context.WithoutCancel(ctx), s.text(fmt.Sprintf("INSERT INTO {raw} (k) SELECT %d + number FROM numbers(50)", written.Add(50)))); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range chaos.Rounds(t, 3) {
		s.run(full)
	}
	stop()
	for range 2 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	s.want("SELECT toInt64(sum(n)) - (SELECT count() FROM {raw}), toInt64(sum(total)) - (SELECT sum(k) FROM {raw}) FROM {counts}", "0 0")
	s.nothingLeft()
}

// An insert that began before the rebuild and goes on beyond it stamps its
// blocks one by one; none of its rows is lost either.
func TestMaterializedViewRebuiltUnderLongInsert(t *testing.T) {
	s := open(t)
	s.rawTable("raw", "k UInt64, ingested_at DateTime64(6, 'UTC') DEFAULT now64(6)")
	s.model("counts", "materialized_view", "SELECT k, count() AS n FROM {raw} GROUP BY k", map[string]any{"engine": "SummingMergeTree()", "order_by": "k"}, "source.shop.raw")
	body, pushed := io.Pipe()
	inserted := make(chan error, 1)
	go func() { inserted <- s.insertOverHTTP("raw", body) }()
	rows := strings.Repeat("{\"k\":1}\n", 200_000)
	begun := make(chan struct{})
	go func() {
		for i := range 10 {
			_, _ = io.WriteString(pushed, rows)
			if i == 1 {
				close(begun)
			}
			time.Sleep(200 * time.Millisecond)
		}
		_ = pushed.Close()
	}()
	<-begun
	ctx, stop := context.WithCancel(t.Context())
	short := make(chan error, 1)
	go func() { // meanwhile others insert, too, and see each view that is tried
		var err error
		for err == nil && ctx.Err() == nil {
			_, err = s.client.Exec(t.Context(), s.text("INSERT INTO {raw} (k) SELECT 2 FROM numbers(10)"))
		}
		short <- err
	}()
	s.run()
	stop()
	for _, done := range []chan error{inserted, short} {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	s.want("SELECT sum(n) FROM {counts} WHERE k = 1", "2000000")
	s.want("SELECT (SELECT sum(n) FROM {counts}) = (SELECT count() FROM {raw})", "1")
}

// insertOverHTTP sends rows as they come.
func (s *shop) insertOverHTTP(table string, rows io.Reader) error {
	config := s.client.Config()
	url := fmt.Sprintf("http://%s/?max_insert_block_size=50000&min_insert_block_size_rows=1&input_format_parallel_parsing=0&query=", config.HTTPAddr)
	request, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, url+"INSERT+INTO+"+s.schema+"."+table+"+FORMAT+JSONEachRow", rows)
	if err != nil {
		return err
	}
	request.Header.Set("X-ClickHouse-User", config.User)
	request.Header.Set("X-ClickHouse-Key", config.Password)
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", answer.Status, text)
	}
	return err
}
