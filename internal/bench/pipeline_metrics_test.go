package bench

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
)

// metrics are a worker's, by name and labels.
type metrics map[string]float64

func (t *tiendi) metrics() (metrics, error) { return readMetrics(t.health) }

func readMetrics(url string) (metrics, error) {
	response, err := http.Get(url + "/metrics")
	if err != nil {
		return nil, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	all := metrics{}
	for line := range strings.Lines(string(text)) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), "} "); ok {
			all[name+"}"], _ = strconv.ParseFloat(value, 64)
		}
	}
	return all, err
}

func (m metrics) total(name string) (sum float64) {
	for key, value := range m {
		if strings.HasPrefix(key, name+"{") {
			sum += value
		}
	}
	return sum
}

// stages are the figures of a name by stage, the largest of any partition.
func (m metrics) stages(name string) string {
	out := ""
	for _, stage := range []string{"enrich", "aggregate", "sessionize", "events", "clickhouse", "redis", "postgres"} {
		most := 0.0
		for key, value := range m {
			if strings.HasPrefix(key, name+"{") && strings.Contains(key, `stage="`+stage+`"`) {
				most = max(most, value)
			}
		}
		out += fmt.Sprintf(" %s %.4g", stage, most)
	}
	return out
}

func (t *tiendi) tellLag(b *testing.B, when string) {
	b.Helper()
	at, err := t.metrics()
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%s, by stage, the most of a partition\n  seconds behind: %s\n  messages behind:%s", when,
		at.stages("tiendi_stream_task_lag_seconds"), at.stages("tiendi_stream_task_lag_messages"))
}

// tellTrouble says what should not have been.
func (t *tiendi) tellTrouble(b *testing.B, c *crowd) {
	b.Helper()
	at, err := t.metrics()
	if err != nil {
		b.Fatal(err)
	}
	if n := at.total("tiendi_stream_task_failures_total"); n > 0 {
		b.Logf("tasks were interrupted %v times", n)
	}
	if n := c.busy.Load(); n > 0 {
		b.Logf("the collector asked %d times to come back", n)
	}
	tellEnds(b, t.collector, t.worker)
}

// tellEnds fails where a process has ended by itself.
func tellEnds(b *testing.B, all ...*service) {
	b.Helper()
	for _, s := range all {
		s.mu.Lock()
		if len(s.ends) > 0 {
			b.Errorf("%s has ended: %v", s.name, s.ends)
		}
		s.mu.Unlock()
	}
}
