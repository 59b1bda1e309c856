package bench

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"
)

// passage is one measurement of a pipeline.
type passage struct {
	flow
	roots  map[string]int
	events float64
	used   map[string]time.Duration
	took   time.Duration // until everything was everywhere
	behind []int64       // events under way, four times a second
}

// measure sends for as long as the flag says, and gives the events a second that came
// to be in all sinks, the last of them too. It lets somebody say how it is going half
// way and near the end, while events still come.
func (p *passage) measure(b *testing.B, say func(when string)) float64 {
	b.Helper()
	p.begin(b)
	long := time.Duration(*pipelineSeconds) * time.Second
	ctx, stop := context.WithTimeout(b.Context(), long)
	defer stop()
	before, accepted, began := spent(b, p.roots), p.crowd.accepted.Load(), time.Now()
	moments := []string{"half way", "near the end"}
	due := []time.Duration{long / 2, long * 95 / 100}
	p.behind = nil
	p.run(ctx, b, func(behind int64) {
		p.behind = append(p.behind, behind)
		if len(due) > 0 && time.Since(began) > due[0] {
			say(moments[0])
			moments, due = moments[1:], due[1:]
		}
	})
	p.took, p.used = time.Since(began), spent(b, p.roots)
	for name := range p.used {
		p.used[name] -= before[name]
	}
	p.events = float64(p.crowd.accepted.Load() - accepted)
	return p.events / p.took.Seconds()
}

// account says what the rate comes from, and whether a lag grew.
func (p *passage) account() string {
	quarter := len(p.behind) / 4
	return fmt.Sprintf(" (%.2f million in %.0f s and %.1f s to drain; under way %.0f thousand, at last %.0f)",
		p.events/1e6, float64(*pipelineSeconds), p.took.Seconds()-float64(*pipelineSeconds),
		float64(median(p.behind[quarter:2*quarter+1]))/1e3, float64(median(p.behind[3*quarter:]))/1e3)
}

// tell reports processor time an event, by process.
func (p *passage) tell(b *testing.B) {
	b.Helper()
	var all time.Duration
	for _, name := range parts {
		all += p.used[name]
		scores.tell(b, float64(p.used[name].Nanoseconds())/1000/p.events, name+"-cpu-µs/event")
	}
	scores.tell(b, float64(all.Nanoseconds())/1000/p.events, "all-cpu-µs/event")
	scores.tell(b, millis(percentile(p.crowd.took(), 99)), "collector-p99-ms")
}

// percentile is that of times, in percent.
func percentile(times []time.Duration, percent int) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return sorted[(len(sorted)-1)*percent/100]
}
