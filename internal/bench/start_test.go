package bench

import (
	"context"
	"os/exec"
	"testing"
	"time"
)

// BenchmarkStart measures tiendi --version: median of 50 processes. The time
// that they kept a processor says more where others use the machine too.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		var walls, cpus []time.Duration
		for range 50 {
			ctx, cancel := context.WithTimeout(b.Context(), patience)
			o := measure(exec.CommandContext(ctx, built, "--version"))
			cancel()
			if o.err != nil {
				b.Fatal(o.err, o.stderr)
			}
			walls, cpus = append(walls, o.wall), append(cpus, o.cpu)
		}
		scores.atMost(b, millis(median(walls)), 15, "ms", "")
		scores.tell(b, millis(median(cpus)), "cpu-ms")
	}
}
