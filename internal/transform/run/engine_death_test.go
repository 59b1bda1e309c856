package run

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/project"
	"github.com/tiendi/tiendi/internal/warehouse"
	"github.com/tiendi/tiendi/internal/warehouse/warehousetest"
)

// TestChaosEngineDiesAtSwap kills the engine in the middle of each statement that
// moves parts or tables, which all take a few milliseconds. An engine renames
// parts one by one and deletes the replaced ones last, and takes up again what
// it finds on its disk: what readers find then has to be the old or the new
// version all the same.
func TestChaosEngineDiesAtSwap(t *testing.T) {
	e := newMortal(t)
	s := mortalShop(t, e.Client)
	s.exec("CREATE DATABASE " + s.schema)
	s.exec("CREATE TABLE {source} (day Date, k UInt32, v UInt32) ENGINE = MergeTree ORDER BY k")
	s.newVersion(0)
	clock := at("2024-01-03T12:00:00Z")
	s.run(clock)
	version := 0
	for _, name := range []string{"keyed", "keyed_parts", "overwritten_part", "sliced", "appended", "appended_parts"} {
		only := func(o *Options) { o.Nodes = []*project.Node{s.nodes["model.shop."+name]} }
		content := func() string { return s.values("SELECT count(), sum(v) FROM {" + name + "}")[0] }
		for death := int64(1); ; death++ {
			version++
			before := content()
			s.newVersion(version)
			e.swaps.Store(death)
			o := s.options("run")
			clock(&o)
			only(&o)
			o.Warehouse = e
			ctx, cancel := context.WithCancel(t.Context())
			e.died = cancel // or the run would wait for the engine to come back
			if _, err := Run(ctx, o); e.swaps.Load() > 0 {
				if err != nil || death == 1 {
					t.Errorf("%s: a run with %d swaps: %v", name, death-1, err)
				}
				break
			}
			e.revive()
			s.client = e.Client
			killed := content()
			s.run(clock, only)
			if after := content(); killed != before && killed != after {
				t.Errorf("%s was neither old nor new after death %d: %s, then %s, then %s", name, death, before, killed, after)
			}
		}
	}
	s.nothingLeft()
}

func (s *shop) newVersion(n int) {
	s.exec("TRUNCATE TABLE {source}")
	s.exec(fmt.Sprintf("INSERT INTO {source} SELECT toDate('2024-01-01') + number %% 3, number, %d FROM numbers(300)", n))
}

// mortalShop has a model of each way to replace rows.
func mortalShop(t *testing.T, client *warehouse.Client) *shop {
	s := emptyShop(t, client, "mortal", t.TempDir())
	const all, days = "SELECT day, k, v FROM {source}", " WHERE day >= toDate('@start') AND day < toDate('@end')"
	config := func(pairs ...any) map[string]any {
		out := map[string]any{"order_by": "k"}
		for i := 0; i < len(pairs); i += 2 {
			out[pairs[i].(string)] = pairs[i+1]
		}
		return out
	}
	sliced := func(partition string) map[string]any {
		return config("incremental_strategy", "microbatch", "event_time", "day", "begin", "2024-01-01", "batch_size", "day", "lookback", int64(2), "partition_by", partition)
	}
	s.model("keyed", "incremental", all, config("unique_key", "k"))
	s.model("keyed_parts", "incremental", all, config("unique_key", "k", "partition_by", "day"))
	s.model("overwritten_part", "incremental", all, config("incremental_strategy", "insert_overwrite", "partition_by", "toYYYYMM(day)"))
	s.model("sliced", "incremental", all+days, sliced("toYYYYMM(day)"))
	s.model("appended", "incremental", all+"[[ WHERE v > (SELECT max(v) FROM {appended})]]", config())
	s.model("appended_parts", "incremental", all+"[[ WHERE v > (SELECT max(v) FROM {appended_parts})]]", config("partition_by", "day"))
	return s
}

// mortal is an engine that dies at a swap, and a client of it.
type mortal struct {
	*warehouse.Client
	*warehousetest.Mortal
	swaps atomic.Int64 // answered until it dies
	died  func()
}

func newMortal(t *testing.T) *mortal {
	t.Helper()
	e := &mortal{Mortal: warehousetest.NewMortal(t)}
	e.Client = e.Open("")
	return e
}

func (e *mortal) revive() {
	_ = e.Close()
	e.Start()
	e.Client = e.Open("")
}

func (e *mortal) Exec(ctx context.Context, sql string, opts ...warehouse.Option) (warehouse.Stats, error) {
	for _, swap := range []string{"EXCHANGE TABLES", "RENAME TABLE", "REPLACE PARTITION", "ATTACH PARTITION", "DROP PARTITION"} {
		if strings.Contains(sql, swap) && e.swaps.Add(-1) == 0 {
			time.AfterFunc(rand.N(6*time.Millisecond), e.Kill)
			stats, err := e.Client.Exec(ctx, sql, opts...)
			<-e.Done()
			e.died()
			return stats, err
		}
	}
	return e.Client.Exec(ctx, sql, opts...)
}
