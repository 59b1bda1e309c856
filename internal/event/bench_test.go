package event

import (
	"encoding/json"
	"syscall"
	"testing"
	"time"
)

// benchLines are real events that stay in the processor's cache.
func benchLines(b *testing.B) (lines [][]byte, size int64) {
	lines = sharedLines(b)[:256]
	for _, line := range lines {
		size += int64(len(line))
	}
	return lines, size / int64(len(lines))
}

func BenchmarkParse(b *testing.B) {
	r := builtin(b)
	lines, size := benchLines(b)
	b.SetBytes(size)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, rejection := r.Parse(lines[i%len(lines)], clock); rejection != nil {
			b.Fatal(rejection)
		}
	}
}

// BenchmarkUnmarshal is encoding/json into the same struct, without any check
// of properties.
func BenchmarkUnmarshal(b *testing.B) {
	lines, size := benchLines(b)
	b.SetBytes(size)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		var ev BaseEvent
		if err := json.Unmarshal(lines[i%len(lines)], &ev); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkSchema is what types take beyond that which only the full validator
// can check, by ours and by the oracle.
func BenchmarkSchema(b *testing.B) {
	j := newJudge(b)
	full := newFull(b, j)
	lines, size := benchLines(b)
	run := func(check func(line []byte)) func(*testing.B) {
		return func(b *testing.B) {
			b.SetBytes(size)
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				check(lines[i%len(lines)])
			}
		}
	}
	b.Run("ours", run(full))
	b.Run("oracle", run(func(line []byte) { slowly(b, j, line) }))
}

// newFull checks lines by our full validator.
func newFull(b *testing.B, j judge) func(line []byte) {
	var names []string
	for _, typ := range Types() {
		names = append(names, "tiendi/"+string(typ)+".json")
	}
	full := j.docs.compile(names)
	return func(line []byte) {
		c := contract{schema: full.Schemas[baseURL+"tiendi/"+string(j.guess(line).name)+".json"]}
		if rejection := c.validate(line, nil); rejection != nil {
			b.Fatal(rejection)
		}
	}
}

func slowly(b *testing.B, j judge, line []byte) {
	var ev BaseEvent
	if err := json.Unmarshal(line, &ev); err != nil {
		b.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(line, &value); err != nil {
		b.Fatal(err)
	}
	if err := j.schemas[string(ev.Type)].Validate(value); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkRatio reports how many times less processor time Parse takes than
// encoding/json with the oracle, in turns over the same events, and what the
// full validator takes beyond Parse. It is the processor's time and not the
// clock's, so that it holds on a busy machine.
func BenchmarkRatio(b *testing.B) {
	j := newJudge(b)
	full := newFull(b, j)
	lines, _ := benchLines(b)
	const fastTurns = 16 // the finer steps of the processor's clock are microseconds
	var fast, slow, ours time.Duration
	for b.Loop() {
		start := processorTime(b)
		for range fastTurns {
			for _, line := range lines {
				if _, rejection := j.Parse(line, clock); rejection != nil {
					b.Fatal(rejection)
				}
			}
		}
		middle := processorTime(b)
		for _, line := range lines {
			slowly(b, j, line)
		}
		end := processorTime(b)
		for _, line := range lines {
			full(line)
		}
		fast, slow, ours = fast+(middle-start)/fastTurns, slow+end-middle, ours+processorTime(b)-end
	}
	n := float64(b.N * len(lines))
	b.ReportMetric(float64(slow)/float64(fast), "times-faster")
	b.ReportMetric(float64(fast)/n, "fast-ns/event")
	b.ReportMetric(float64(slow)/n, "slow-ns/event")
	b.ReportMetric(float64(ours)/n, "full-ns/event")
}

func processorTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

func BenchmarkSplit(b *testing.B) {
	lines, _ := benchLines(b)
	body := []byte{'['}
	for i, line := range lines {
		if i > 0 {
			body = append(body, ',')
		}
		body = append(body, line...)
	}
	body = append(body, ']')
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		n := 0
		for part := range Split(body, Limits{}) {
			if part.Rejection != nil {
				b.Fatal(part.Rejection)
			}
			n++
		}
		if n != len(lines) {
			b.Fatal(n)
		}
	}
}
