package main

import (
	"errors"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/ingest/load"
)

func TestLoadProgress(t *testing.T) {
	at := load.Progress{File: "orders.csv", Files: 3, Done: 1, Bytes: 25 << 20, TotalBytes: 100 << 20}
	waiting, writing := at, at
	waiting.Waiting, writing.Committing = true, true
	for want, got := range map[string]string{
		"Loading orders.csv (2 of 3): 25.0 MiB of 100.0 MiB, 25%, 30.0s left,":      loadProgress(at, 10*time.Second),
		"Loading orders.csv (2 of 3): 25.0 MiB of 100.0 MiB, 25%":                   loadProgress(at, time.Millisecond),
		"Loading orders.csv (2 of 3): waiting for another load into the same table": loadProgress(waiting, time.Second),
		"Loading orders.csv (2 of 3): writing to the table":                         loadProgress(writing, time.Second),
		"Loading empty.csv (1 of 1)":                                                loadProgress(load.Progress{File: "empty.csv", Files: 1}, time.Second),
	} {
		if got != want {
			t.Errorf("got  %q\nwant %q", got, want)
		}
	}
}

func TestLoadVerdict(t *testing.T) {
	fine := load.File{Path: "a", Rows: 10}
	bad := load.File{Path: "b", Rows: 9, Rejected: 2}
	broken := load.File{Path: "c", Err: errors.New("is cut off")}
	for _, c := range []struct {
		name  string
		r     load.Result
		limit uint64
		code  int
	}{
		{"all fine", load.Result{Files: []load.File{fine}}, 0, exitOK},
		{"rejects", load.Result{Files: []load.File{fine, bad}}, 0, exitFailed},
		{"one reject too many", load.Result{Files: []load.File{bad}}, 1, exitFailed},
		{"rejects allowed", load.Result{Files: []load.File{bad}}, 2, exitOK},
		{"a broken file", load.Result{Files: []load.File{fine, broken}}, 100, exitFailed},
		{"a file of no table", load.Result{Unplaced: []load.Unplaced{{Path: "d"}}}, 100, exitFailed},
	} {
		if code := exitCode(loadVerdict(&c.r, c.limit)); code != c.code {
			t.Errorf("%s: exit code %d, want %d", c.name, code, c.code)
		}
	}
}
