package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/ingest/generate"
)

func runGenerate(t *testing.T, args ...string) (stdout string, err error) {
	t.Helper()
	var out bytes.Buffer
	now := func() time.Time { return time.Date(2026, 3, 10, 17, 4, 5, 0, time.UTC) }
	cmd := newGenerateCommand(&out, now, func(int, int, string) {}, nil)
	cmd.SetArgs(args)
	cmd.SetOut(&out)
	cmd.SetErr(&out)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	err = cmd.ExecuteContext(context.Background())
	return out.String(), err
}

func TestGenerateDates(t *testing.T) {
	for args, want := range map[string][2]string{
		"--days 3":                                {"2026-03-07T00:00:00Z", "2026-03-10T00:00:00Z"},
		"--days 2 --to 2026-02-02":                {"2026-01-31T00:00:00Z", "2026-02-02T00:00:00Z"},
		"--days 1 --to 2026-03-10T17:00:00Z":      {"2026-03-10T00:00:00Z", "2026-03-10T17:00:00Z"},
		"--from 2026-03-08":                       {"2026-03-08T00:00:00Z", "2026-03-10T00:00:00Z"},
		"--from 2026-03-08 --to 2026-03-09":       {"2026-03-08T00:00:00Z", "2026-03-09T00:00:00Z"},
		"--days 1 --to 2026-03-10T01:00:00+02:00": {"2026-03-09T00:00:00Z", "2026-03-09T23:00:00Z"},
	} {
		t.Run(args, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "data")
			stdout, err := runGenerate(t, append(strings.Fields(args), "--out", out, "--events", "500", "--output", "json")...)
			if err != nil {
				t.Fatal(err)
			}
			var l generate.Ledger
			if err := json.Unmarshal([]byte(stdout), &l); err != nil {
				t.Fatalf("%v in %s", err, stdout)
			}
			if got := [2]string{l.From.Format(time.RFC3339), l.To.Format(time.RFC3339)}; got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestGenerateSummary(t *testing.T) {
	stdout, err := runGenerate(t, "--out", filepath.Join(t.TempDir(), "data"), "--days", "2", "--stores", "12", "--users", "1234", "--seed", "5")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"2026-03-08 00:00:00 to 2026-03-10 00:00:00, seed 5", "stores    12\n", "users     1,2", "gmv       ", "sessions  "} {
		if !strings.Contains(stdout, want) {
			t.Errorf("summary has no %q:\n%s", want, stdout)
		}
	}
}

func TestGenerateRefusesBadFlags(t *testing.T) {
	for args, want := range map[string]string{
		"--days 0":                     "--days 0: give 1 or more",
		"--from tomorrow":              `--from "tomorrow" is no day: want YYYY-MM-DD`,
		"--to 10/03/2026":              `--to "10/03/2026" is no day and no time`,
		"--from 2026-03-01 --days 3":   "give one of them",
		"--from 2026-03-10":            "is not before --to",
		"--anomaly 2026-03-05":         "want DAY:KIND",
		"--anomaly 2026-03-05:eclipse": "use one of spike",
		"--anomaly 2026-03-10:spike":   "the day is outside",
		"--compress rar":               "use one of none, gzip, zstd",
		"--output yaml":                "use table or json",
		"--out .":                      "is the current folder",
		"surplus":                      `unknown command "surplus"`,
	} {
		args := strings.Fields(args)
		if args[0] != "--out" {
			args = append(args, "--out", filepath.Join(t.TempDir(), "data"))
		}
		if _, err := runGenerate(t, args...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: got %v, want an error with %q", args, err, want)
		}
	}
}

// joinDays makes one file of each month's: what a load costs for each file is for the
// tests of loads to try. Lines that two months have stay lines of two files.
func joinDays(t *testing.T, dir string) {
	t.Helper()
	months := map[string][]byte{}
	for _, name := range eventFiles(t, dir) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		month := strings.TrimSuffix(name, filepath.Base(name)[len("2006-01"):]) + ".ndjson"
		months[month] = append(months[month], text...)
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range months {
		if err := os.WriteFile(name, text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
