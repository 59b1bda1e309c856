package collect

import (
	"context"
	"fmt"
	"net/netip"
	"sync"
	"sync/atomic"

	"github.com/tiendi/tiendi/internal/client"
	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/event/enrich"
)

// Collector takes events over HTTP. Make one by New, and Run it once.
type Collector struct {
	options  Options
	limits   Limits
	webhooks map[string]Webhook
	lanes    []*lane // of the partitions for events, then of those for rejects
	agents   *enrich.Enricher
	spool    *spool
	inFlight *budget
	metrics  *metrics
	byKey    *client.Rates[string] // by source: a rotated key is no second allowance
	byIP     *client.Rates[netip.Addr]
	draining atomic.Bool
	closing  chan struct{}
}

// interpreter is a collector as far as it makes events of what was sent: it takes
// nothing and has nowhere to put it.
func interpreter(o Options) (*Collector, error) {
	c := &Collector{options: o}
	var err error
	if c.webhooks, err = settleWebhooks(o.Webhooks, o.Registry); err != nil {
		return nil, err
	}
	c.agents, err = enrich.New(enrich.Options{})
	return c, err
}

// New opens the spool and reads what an earlier process has left in it.
func New(o Options) (*Collector, error) {
	c, err := interpreter(o)
	if err != nil {
		return nil, err
	}
	c.limits, c.closing = o.Limits.settled(), make(chan struct{})
	c.inFlight = &budget{limit: c.limits.InFlightBytes}
	if c.metrics, err = newMetrics(o.Metrics); err != nil {
		return nil, err
	}
	if c.byKey, err = client.NewRates[string](c.limits.KeyRate, c.limits.BatchEvents); err != nil {
		return nil, err
	}
	if c.byIP, err = client.NewRates[netip.Addr](c.limits.IPRate, 1); err != nil {
		return nil, err
	}
	if c.spool, err = openSpool(o.SpoolDir, c.limits.SpoolBytes, o.Log); err != nil {
		return nil, err
	}
	for _, topic := range []Topic{o.Events, o.Rejected} {
		if err := c.openLanes(topic); err != nil {
			c.close()
			return nil, err
		}
	}
	return c, c.metrics.watch(o.Metrics, c.inFlight, c.spool)
}

func (c *Collector) openLanes(topic Topic) error {
	if topic.Partitions < 1 {
		return fmt.Errorf("topic %s has no partitions", topic.Name)
	}
	backlogs, err := c.spool.backlogs(topic)
	if err != nil {
		return err
	}
	for p, b := range backlogs {
		c.lanes = append(c.lanes, &lane{
			topic: topic, partition: p, backlog: b,
			inFlight: c.inFlight, limits: c.limits, metrics: c.metrics, tracer: c.options.Tracer,
			log:   c.options.Log.With("topic", topic.Name, "partition", p),
			queue: make(chan chunk, laneQueue), ready: make(chan load), closing: c.closing,
			spooled: make(chan struct{}, 1),
		})
	}
	return nil
}

// start sets the lanes going. stop sends what was put, and ends them.
func (c *Collector) start() (stop func()) {
	var sending, draining sync.WaitGroup
	ctx, cancel := context.WithCancel(context.Background())
	for _, l := range c.lanes {
		go l.gather()
		sending.Go(l.send)
		draining.Go(func() { l.drain(ctx) })
	}
	return func() {
		close(c.closing)
		sending.Wait()
		cancel()
		draining.Wait()
	}
}

func (c *Collector) close() {
	for _, l := range c.lanes {
		l.backlog.close()
	}
	if err := c.spool.close(); err != nil {
		c.options.Log.Warn("the spool's lock", "err", err)
	}
}

// backlogged says whether events of any partition wait in the spool, which means
// that the broker is away or was so just now.
func (c *Collector) backlogged() bool {
	for _, l := range c.lanes {
		if !l.backlog.empty() {
			return true
		}
	}
	return false
}

// anonymous is the text of an address as it may be stored.
func anonymous(addr netip.Addr) string {
	if !addr.IsValid() {
		return ""
	}
	return string(event.AppendAnonymousIP(nil, []byte(addr.String())))
}
