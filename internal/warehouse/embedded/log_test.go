package embedded_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/warehouse/embedded"
)

func TestLogIsBounded(t *testing.T) {
	path := filepath.Join(t.TempDir(), "engine.log")
	log, err := embedded.OpenLog(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = log.Close() }()
	line := append(bytes.Repeat([]byte("x"), 999), '\n')
	for range 20_000 { // 20 MB
		if n, err := log.Write(line); n != len(line) || err != nil {
			t.Fatal(n, err)
		}
	}
	log.Mark()
	if _, err := log.Write([]byte("the last\n")); err != nil {
		t.Fatal(err)
	}
	if got := log.Tail(); got != "the last\n" {
		t.Errorf("tail %q", got)
	}
	var total int64
	for _, p := range []string{path, path + ".1"} {
		info, err := os.Stat(p)
		if err != nil {
			t.Fatal(err)
		}
		total += info.Size()
	}
	if total > 8<<20 {
		t.Errorf("logs take %d bytes", total)
	}
	if b, err := os.ReadFile(path); err != nil || !strings.HasSuffix(string(b), "the last\n") {
		t.Errorf("the end of the log is missing: %v", err)
	}
}
