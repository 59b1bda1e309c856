package bench

import (
	"cmp"
	"context"
	"testing"
	"time"
)

// BenchmarkFreshness sends half of the rate that the flag says, and beside it single
// events of stores that nobody else visits, and looks for these until they are there.
func BenchmarkFreshness(b *testing.B) {
	t := startTiendi(b)
	f := &flow{newCrowd(b), t.open(b, tiendiNames)}
	f.crowd.url = t.url
	rate, long := cmp.Or(*pipelineRate, sustained)/2, time.Duration(*pipelineSeconds)*time.Second
	for b.Loop() {
		f.begin(b)
		ctx, stop := context.WithTimeout(b.Context(), long)
		defer stop()
		ended := make(chan error, 1)
		go func() { ended <- f.crowd.send(ctx, rate) }()
		p := newProbes(f)
		p.run(ctx, b)
		if err := <-ended; err != nil {
			b.Fatal(err)
		}
		scores.tell(b, float64(len(f.crowd.took())*eventsOfBody)/long.Seconds(), "events/s")
		t.tellLag(b, "at half load")
		p.tell(b)
		took := f.crowd.took()
		scores.tell(b, millis(percentile(took, 50)), "collector-p50-ms")
		scores.atMost(b, millis(percentile(took, 99)), 50, "collector-p99-ms", "")
		f.drain(b)
		t.tellTrouble(b, f.crowd)
	}
}
