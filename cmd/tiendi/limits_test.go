package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/local"
)

// longLines are files whose first row is 2 GB long (zero bytes, a hole on the
// disk), with a sound row after it.
var longLines = map[string][2]string{
	"events.ndjson": {`{"event_id":"`,
		"\n" + `{"event_id":"51be8ea8-8287-56e0-9cc2-0cf478e00603","event_type":"page_view","timestamp":"2024-03-10T00:00:00Z","session_id":"72d76fde-8bb3-4e00-8c23-a032dfed738c","context":{},"properties":{}}` + "\n"},
	"users.csv": {"id,city,state,created_at\nb54941a7-f311-5f54-ad03-cc18b9a53516,",
		",SP,2024-03-10 14:46:58\nb54941a7-f311-5f54-ad03-cc18b9a53517,santos,SP,2024-03-10 14:46:58\n"},
}

// longLineMemory is what a command may take of memory while it reads such a file.
const longLineMemory = 256 << 20

// TestLongLine: a line of 2 GB is one rejected row. What follows it is loaded,
// and it takes no 2 GB of memory.
func TestLongLine(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	for name, ends := range longLines {
		t.Run(name, func(t *testing.T) {
			writeHole(t, filepath.Join(s.dir, name), ends[0], 2<<30, ends[1])
			cmd := s.command("load", name, "--allow-expired", "--output", "json")
			var out, diagnostics bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &diagnostics
			peak := runMeasured(t, cmd)
			if code := cmd.ProcessState.ExitCode(); code != exitFailed {
				t.Fatalf("exit code %d\n%s", code, diagnostics.String())
			}
			var files []loadedFile
			if err := json.Unmarshal(out.Bytes(), &files); err != nil {
				t.Fatalf("%v in %s", err, out.String())
			}
			if len(files) != 1 || files[0].Rejected != 1 || files[0].New != 1 || !strings.Contains(diagnostics.String(), "long") {
				t.Errorf("want the long line rejected and the other loaded: %+v\n%s", files, diagnostics.String())
			}
			if peak == 0 || peak > longLineMemory {
				t.Errorf("tiendi took %d MiB at its peak, want at most %d", peak>>20, longLineMemory>>20)
			}
		})
	}
}

// writeHole makes a file of two texts with zero bytes between them, which take
// no room on the disk.
func writeHole(t *testing.T, path, before string, hole int64, after string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString(before)
	_, afterErr := f.WriteAt([]byte(after), int64(len(before))+hole)
	if err := errors.Join(err, afterErr, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// TestDiskFull: the engine's disk is full in the middle of a load. The command
// says so and exits with 1 or 2; once there is room the same load and a build
// end well, and nothing is missing or there twice.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	disk := smallDisk(t, "16m")
	own := *s.engine
	own.stateDir = filepath.Join(disk, "state")
	s.engine = &own
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		if err := local.Down(ctx, local.Options{StateDir: own.stateDir}, true); err != nil {
			t.Errorf("end the engine on the small disk: %v", err)
		}
	})
	data := filepath.Join(s.dir, "data")
	s.run(t, "generate", "--out", data, "--days", "6", "--events", "300000", "--probe-interval", "0")
	o := s.try(t, "load", data)
	if o.code != exitFailed && o.code != exitUsage {
		t.Fatalf("exit code %d\n%s%s", o.code, o.stdout, o.stderr)
	}
	if !regexp.MustCompile(`(?i)no space|disk is full|not enough space`).MatchString(o.stderr) {
		t.Errorf("the message does not say that the disk is full:\n%s", o.stderr)
	}
	t.Logf("on a full disk:\n%s", o.stderr)
	if out, err := exec.Command("mount", "-o", "remount,size=1500m", disk).CombinedOutput(); err != nil {
		t.Fatalf("make the disk larger: %v\n%s", err, out)
	}
	s.run(t, "load", data)
	s.run(t, "build")
	rows := s.show(t, "--inline", "select count() as events, (select sum(gmv) from {{ ref('daily_metrics') }}) as gmv from {{ ref('events_staging') }}")
	ledger := readLedgerFile(t, data)
	if whole(t, rows[0].text("events")) != ledger.Events.Distinct ||
		rat(rows[0].text("gmv")).Cmp(rat(ledger.Sales.GMV)) != 0 {
		t.Errorf("%v, the ledger has %d events and %s", rows[0], ledger.Events.Distinct, ledger.Sales.GMV)
	}
}

// smallDisk mounts a file system in memory of its own size.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("NOT TRIED: a full disk. Mounting a small file system needs Linux and root")
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+size, "tiendi-test", dir).CombinedOutput(); err != nil {
		t.Skipf("NOT TRIED: a full disk. A small file system cannot be mounted here: %v: %s", err, out)
	}
	// The engine's supervisor has given its lock back and is still on its way out.
	t.Cleanup(func() {
		eventually(t, "the small disk to be let go", func() bool { return exec.Command("umount", dir).Run() == nil })
	})
	return dir
}
