package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// endless is a model whose query runs for ten minutes where nobody stops it.
const endless = "{{ config(materialized='table') }}\nselect sleepEachRow(1) as a, number from numbers(600) settings max_block_size = 1\n"

// TestInterrupt: Ctrl-C ends the queries on the server, leaves what was there
// before, writes the artifacts, and exits with 130.
func TestInterrupt(t *testing.T) {
	t.Parallel()
	s := emptyShop(t)
	s.write(t, "dbt_project.yml", "name: shop\nprofile: tiendi\n")
	s.write(t, "models/endless.sql", "{{ config(materialized='table') }}\nselect 1 as a, toUInt64(1) as number\n")
	s.write(t, "models/after.sql", "select * from {{ ref('endless') }}\n")
	s.run(t, "run")
	s.write(t, "models/endless.sql", endless)
	cmd := s.command("run")
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	running := fmt.Sprintf("select count() as n from system.processes where query like '%%sleepEachRow%%' and query like '%%%s%%' and query_id != queryID()", s.database)
	eventually(t, "the model to run", func() bool { return s.value(t, running) != "0" })
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitSignal {
		t.Errorf("exit code %d, want %d\n%s", code, exitSignal, out.String())
	}
	eventually(t, "the query to end", func() bool { return s.value(t, running) == "0" })
	if got := s.value(t, "select count() as n from $db.endless"); got != "1" {
		t.Errorf("the table has %s rows, want the 1 of the earlier run", got)
	}
	tables := s.value(t, fmt.Sprintf("select arrayStringConcat(arraySort(groupArray(name)), ' ') as names from system.tables where database = '%s'", s.database))
	if tables != "after endless" {
		t.Errorf("the database holds %s", tables)
	}
	text, err := os.ReadFile(filepath.Join(s.dir, "target", "run_results.json"))
	if err != nil || !json.Valid(text) {
		t.Errorf("run_results.json: %v: %s", err, text)
	}
}

// eventually waits for a condition, a minute at most. It serves cleanups, too,
// when the test's own context has ended.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for !holds() {
		select {
		case <-ctx.Done():
			t.Fatalf("waited in vain for %s", what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
