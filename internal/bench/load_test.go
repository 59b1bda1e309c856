package bench

import (
	"context"
	"os/exec"
	"strconv"
	"strings"
	"testing"
)

// BenchmarkLoad takes over what the load package's own benchmark measures: its
// rows a second divided by the engine's own on the same file (xfile) and over
// HTTP (xhttp).
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		ctx, cancel := context.WithTimeout(b.Context(), patience)
		out, err := exec.CommandContext(ctx, "go", "test", "-run", "^$", "-bench", "^BenchmarkLoad$", "-benchtime", "5x", "../ingest/load").CombinedOutput()
		cancel()
		if err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
		found := false
		for line := range strings.Lines(string(out)) {
			name, rest, ok := strings.Cut(line, "\t")
			if _, file, is := strings.Cut(strings.TrimSpace(name), "BenchmarkLoad/"); ok && is {
				found = true
				noteLoad(b, file[:max(strings.LastIndex(file, "-"), 0)], strings.Fields(rest))
			}
		}
		if !found {
			b.Fatalf("no figures in:\n%s", out)
		}
	}
}

// noteLoad reads pairs of figure and unit, after the number of rounds.
func noteLoad(b *testing.B, file string, fields []string) {
	b.Helper()
	for i := 1; i+1 < len(fields); i += 2 {
		figure, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			b.Fatal(err)
		}
		switch unit := file + "-" + fields[i+1]; fields[i+1] {
		case "rows/s":
			scores.tell(b, figure, unit)
		case "xfile":
			scores.atLeast(b, figure, 0.8, unit, "")
		case "xhttp":
			scores.atLeast(b, figure, 1, unit, "")
		}
	}
}
