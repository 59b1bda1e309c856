package run

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"
)

// Two runs of one project at once: both end well and the tables are those of
// one run after the other.
func TestOverlappingRuns(t *testing.T) {
	s := open(t)
	s.exec("CREATE TABLE {source} (k UInt32, v String) ENGINE = MergeTree ORDER BY k")
	s.exec("INSERT INTO {source} SELECT number, 'a' FROM numbers(1000)")
	s.model("plain", "table", "SELECT * FROM {source}", nil)
	s.model("looked", "view", "SELECT count() AS c FROM {plain}", nil, "model.shop.plain")
	s.model("appended", "incremental", "SELECT k, v FROM {source}[[ WHERE k > (SELECT max(k) FROM {appended})]]", map[string]any{"partition_by": "k % 4"})
	s.model("keyed", "incremental", "SELECT k, v FROM {source}", map[string]any{"unique_key": "k", "partition_by": "k % 4"})
	s.model("overwritten", "incremental", "SELECT k, v FROM {source}", map[string]any{"incremental_strategy": "insert_overwrite", "partition_by": "k % 4"})
	for round := range 3 {
		var runs sync.WaitGroup
		for i := range 3 {
			runs.Go(func() {
				o := s.options("run")
				o.Events = nil
				o.TargetDir = fmt.Sprintf("%s/%d", s.dir, i)
				o.FullRefresh = round == 1 && i == 0
				if o.FullRefresh {
					o.Compiler = fullCompiler(s)
				}
				if results, err := Run(t.Context(), o); err != nil {
					t.Errorf("round %d, run %d: %v: %s", round, i, err, messages(results))
				}
			})
		}
		runs.Wait()
		want := fmt.Sprint(1000 + 500*round)
		for _, table := range []string{"plain", "appended", "keyed", "overwritten"} {
			s.want("SELECT count(), uniqExact(k) FROM {"+table+"}", want+" "+want)
		}
		s.nothingLeft()
		s.exec(fmt.Sprintf("INSERT INTO {source} SELECT number, 'b' FROM numbers(%d, 500)", 1000+500*round))
	}
}

// A run whose process is paused for longer than its lease is taken for dead;
// when it wakes up it can change nothing any more.
func TestTakeover(t *testing.T) {
	s := open(t)
	s.model("m", "incremental", "SELECT 1 AS k, [['late']] AS v", map[string]any{"unique_key": "k"})
	s.sql["model.shop.m"] = "SELECT 1 AS k, 'first' AS v"
	s.run()
	paused, resume := make(chan struct{}), make(chan struct{})
	o := s.options("run")
	o.Compiler = pausing(s, "SELECT 1 AS k, 'late' AS v", paused, resume)
	o.TargetDir = t.TempDir()
	late := make(chan error, 1)
	go func() { _, err := Run(t.Context(), o); late <- err }()
	<-paused
	// As if a minute had passed: the lease is gone.
	for _, name := range s.values("SELECT name FROM system.tables WHERE database = '{this_schema}' AND startsWith(name, '_tiendi_run_')") {
		s.exec("DROP TABLE {" + name + "}")
	}
	s.sql["model.shop.m"] = "SELECT 1 AS k, 'second' AS v"
	s.run()
	close(resume)
	if err := <-late; !errors.Is(err, ErrFailed) {
		t.Errorf("the late run ended with %v", err)
	}
	s.want("SELECT v FROM {m}", "second")
	s.nothingLeft()
}

// A table that another living run holds is waited for, and given up in time.
func TestHeldTooLong(t *testing.T) {
	s := open(t)
	s.model("m", "incremental", "SELECT 1 AS k", nil)
	s.run()
	paused, resume := make(chan struct{}), make(chan struct{})
	o := s.options("run")
	o.Compiler = pausing(s, "SELECT 2 AS k", paused, resume)
	o.TargetDir = t.TempDir()
	first := make(chan error, 1)
	go func() { _, err := Run(t.Context(), o); first <- err }()
	<-paused
	o = s.options("run")
	o.LockTimeout = 500 * time.Millisecond
	results, err := Run(t.Context(), o)
	if !errors.Is(err, ErrFailed) {
		t.Errorf("the waiting run: %v: %s", err, messages(results))
	}
	close(resume)
	if err := <-first; err != nil {
		t.Error(err)
	}
	s.want("SELECT k FROM {m} ORDER BY k", "1", "2")
	s.nothingLeft()
}

func TestCancel(t *testing.T) {
	s := open(t)
	s.model("slow", "table", "SELECT sleepEachRow(1) AS x FROM numbers(100) SETTINGS max_block_size = 1", nil)
	s.model("after", "table", "SELECT * FROM {slow}", nil, "model.shop.slow")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	o := s.options("run")
	o.Events = func(e Event) {
		if e.Kind == NodeStarted {
			time.AfterFunc(300*time.Millisecond, cancel)
		}
	}
	results, err := Run(ctx, o)
	if !errors.Is(err, ErrCancelled) {
		t.Fatalf("%v: %s", err, messages(results))
	}
	if results.Count(Error) != 1 || results.Count(Skipped) != 1 {
		t.Errorf("results: %s", messages(results))
	}
	s.want("SELECT count() FROM system.processes WHERE query_id LIKE 'tiendi-%' AND query LIKE '%sleepEachRow(1)%'", "0")
	s.nothingLeft()
}
