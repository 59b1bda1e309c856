package bench

import (
	"flag"
	"testing"
)

var (
	pipelineSeconds = flag.Int("pipeline-seconds", 30, "how long BenchmarkPipeline and BenchmarkFreshness send events")
	pipelineRate    = flag.Float64("pipeline-rate", 0, "events/s, half of which BenchmarkFreshness sends (default: what BenchmarkPipeline has measured, or its target)")
)

// sustained is the events/s that BenchmarkPipeline has measured.
var sustained float64 = pipelineTarget

const pipelineTarget = 60_000 // events/s

// parts are the processes of a pipeline, in the order that events take.
var parts = []string{generator, "collector", "rabbitmq", "worker", "clickhouse", "redis", "postgres"}

// BenchmarkPipeline sends the events of a crowd through everything, and then through
// a pipeline that gives no guarantee.
func BenchmarkPipeline(b *testing.B) {
	var ours, naive float64
	b.Run("tiendi", func(b *testing.B) {
		t := startTiendi(b)
		p := &passage{flow: flow{newCrowd(b), t.open(b, tiendiNames)}, roots: t.roots(b)}
		p.crowd.url = t.url
		for b.Loop() {
			ours = p.measure(b, func(when string) { t.tellLag(b, when) })
			sustained = ours
			scores.atLeast(b, ours, pipelineTarget, "events/s", p.account())
			p.tell(b)
			scores.tell(b, memory(b, t.worker.pid(), "VmHWM"), "worker-MB")
			scores.tell(b, memory(b, t.collector.pid(), "VmHWM"), "collector-MB")
			t.tellTrouble(b, p.crowd)
		}
	})
	b.Run("naive", func(b *testing.B) {
		n := startNaive(b)
		p := &passage{flow: flow{newCrowd(b), n.open(b, naiveNames)}, roots: n.roots(b)}
		p.crowd.url = n.url
		for b.Loop() {
			naive = p.measure(b, func(string) {})
			scores.tell(b, naive, "events/s")
			p.tell(b)
			tellEnds(b, n.collector, n.worker)
			if ours > 0 {
				scores.atLeast(b, ours/naive, 1, "tiendi-of-naive", "")
			}
		}
	})
}
