package bench

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
)

const (
	probePause = 200 * time.Millisecond // between two probes
	lookPause  = 5 * time.Millisecond   // between two looks at a sink
)

// probes are single events, each the only one of its store.
type probes struct {
	flow     *flow
	took     []time.Duration // from a request to its 202
	lookouts []*lookout
}

func newProbes(f *flow) *probes {
	return &probes{flow: f, lookouts: []*lookout{
		{name: "redis", target: 2000, look: f.sinks.storesInRedis},
		{name: "clickhouse", target: 5000, look: f.sinks.storesInClickHouse},
		{name: "postgres", look: f.sinks.storesInPostgres},
	}}
}

// run probes until the context ends, and waits for what is still to be seen.
func (p *probes) run(ctx context.Context, b *testing.B) {
	b.Helper()
	for _, l := range p.lookouts {
		l.fresh, l.ended = make(chan probe, 1024), make(chan error, 1)
		go func() { l.ended <- l.watch(b.Context()) }()
	}
	client := &http.Client{Timeout: time.Minute}
	for tick := time.Tick(probePause); ctx.Err() == nil; <-tick {
		if err := p.send(client); err != nil {
			b.Error(err)
			break
		}
	}
	for _, l := range p.lookouts {
		close(l.fresh)
	}
	for _, l := range p.lookouts {
		if err := <-l.ended; err != nil {
			b.Error(err)
		}
	}
}

// send makes one probe.
func (p *probes) send(client *http.Client) error {
	began := time.Now()
	store, session := uuid.NewString(), uuid.NewString()
	text := fmt.Sprintf(`{"event_id":%q,"event_type":"product_viewed","timestamp":%q,"session_id":%q,"context":{"ip":"203.0.113.9",`+
		`"user_agent":"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0","page_url":"https://tiendi.example/p/1",`+
		`"device_type":"desktop","os":"Linux","browser":"Firefox"},"properties":{"store_id":%q,"product_id":%q,"product_name":"probe","product_price":1.00}}`,
		uuid.NewString(), began.UTC().Format(timeLayout), session, store, uuid.NewString())
	pause, err := post(client, p.flow.crowd.url, []byte(text), 1)
	if err != nil || pause > 0 {
		time.Sleep(pause)
		return err
	}
	accepted := time.Now()
	p.took = append(p.took, accepted.Sub(began))
	c := p.flow.crowd
	c.accepted.Add(1)
	c.counted.Add(1)
	c.web.Add(1)
	c.sessions.Add(1)
	for _, l := range p.lookouts {
		if l.fresh == nil {
			continue // nobody looks
		}
		l.fresh <- probe{store, accepted}
	}
	return nil
}

func (p *probes) tell(b *testing.B) {
	b.Helper()
	for _, l := range p.lookouts {
		scores.tell(b, millis(percentile(l.took, 50)), l.name+"-p50-ms")
		if l.target == 0 {
			scores.tell(b, millis(percentile(l.took, 99)), l.name+"-p99-ms")
			continue
		}
		scores.atMost(b, millis(percentile(l.took, 99)), l.target, l.name+"-p99-ms", fmt.Sprintf(" (%d probes)", len(l.took)))
	}
	scores.tell(b, millis(percentile(p.took, 50)), "one-event-p50-ms")
	scores.atMost(b, millis(percentile(p.took, 99)), 50, "one-event-p99-ms", "")
}
