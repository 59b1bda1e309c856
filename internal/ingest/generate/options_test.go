package generate

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"
)

func TestBadOptionsAreRefused(t *testing.T) {
	for want, spoil := range map[string]func(*Options){
		"--out is empty":                   func(o *Options) { o.Out = "" },
		"is no midnight":                   func(o *Options) { o.From = o.From.Add(time.Hour) },
		"is not before --to":               func(o *Options) { o.To = o.From },
		"spans 3660 days at most":          func(o *Options) { o.From = o.From.AddDate(-20, 0, 0) },
		"--events -1 is outside":           func(o *Options) { o.Events = -1 },
		"--stores 20001 is outside":        func(o *Options) { o.Stores = 20_001 },
		"--users -5 is outside":            func(o *Options) { o.Users = -5 },
		"want whole minutes":               func(o *Options) { o.ProbeInterval = 90 * time.Second },
		"use one of none, gzip, zstd":      func(o *Options) { o.Compression = "lz77" },
		"the day is outside 2025-11-10 to": func(o *Options) { o.Anomalies = []Anomaly{{o.To.AddDate(0, 0, 1), Spike}} },
	} {
		o := small(t)
		spoil(&o)
		if _, err := Run(context.Background(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
		if _, err := os.Stat(o.Out); err == nil {
			t.Errorf("%q: a folder was made", want)
		}
	}
}

func TestParseAnomaly(t *testing.T) {
	const text = "2026-11-10:slow_api"
	a, err := ParseAnomaly(text)
	if err != nil || a.String() != text || a.Kind != SlowAPI {
		t.Errorf("%q gave %v, %v", text, a, err)
	}
	for text, want := range map[string]string{
		"":                   "want DAY:KIND",
		"2026-11-10":         "want DAY:KIND",
		"2026-11-31:drop":    "want DAY:KIND",
		"2026-11-10:eclipse": `unknown kind "eclipse": use one of spike, drop, outage`,
	} {
		if _, err := ParseAnomaly(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q gave %v, want an error with %q", text, err, want)
		}
	}
}
