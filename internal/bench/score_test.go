package bench

import (
	"fmt"
	"io"
	"slices"
	"sync"
	"testing"
	"text/tabwriter"
	"time"
)

// score is one line of the table at the end.
type score struct {
	what, figure, target string
	met                  bool
}

type scoreboard struct {
	mu    sync.Mutex
	lines []score
}

// scores outlive the benchmarks that set them, so that TestMain can print them.
var scores scoreboard

// atMost notes a figure that should not be larger than target, and reports it
// to the benchmark as well.
func (s *scoreboard) atMost(b *testing.B, figure, target float64, unit, note string) {
	s.add(b, figure, unit, score{
		figure: number(figure, unit) + note, target: "≤ " + number(target, unit), met: figure <= target,
	})
}

// atLeast notes a figure that should not be smaller than target.
func (s *scoreboard) atLeast(b *testing.B, figure, target float64, unit, note string) {
	s.add(b, figure, unit, score{
		figure: number(figure, unit) + note, target: "≥ " + number(target, unit), met: figure >= target,
	})
}

// tell notes a figure that has no target.
func (s *scoreboard) tell(b *testing.B, figure float64, unit string) {
	s.add(b, figure, unit, score{figure: number(figure, unit), met: true})
}

func (s *scoreboard) add(b *testing.B, figure float64, unit string, line score) {
	b.ReportMetric(figure, unit)
	s.mu.Lock()
	defer s.mu.Unlock()
	line.what = b.Name()[len("Benchmark"):]
	s.lines = append(s.lines, line)
}

func number(f float64, unit string) string {
	format := "%.3g %s"
	if f >= 1000 {
		format = "%.0f %s"
	}
	return fmt.Sprintf(format, f, unit)
}

func (s *scoreboard) print(w io.Writer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.lines) == 0 {
		return
	}
	out := tabwriter.NewWriter(w, 0, 8, 3, ' ', 0)
	_, _ = fmt.Fprintln(out, "\nWHAT\tMEASURED\tTARGET\tVERDICT")
	for _, l := range s.lines {
		_, _ = fmt.Fprintf(out, "%s\t%s\t%s\t%s\n", l.what, l.figure, l.target, l.verdict())
	}
	_ = out.Flush()
}

func (l score) verdict() string {
	switch {
	case l.target == "":
		return ""
	case l.met:
		return "met"
	}
	return "MISSED"
}

func median[N time.Duration | float64 | int64](list []N) N {
	sorted := slices.Sorted(slices.Values(list))
	return sorted[len(sorted)/2]
}

func millis(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
