package collect

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/tiendi/tiendi/internal/event"
)

// Replay takes rejected events in again, once a schema or a mapping is mended, the
// way that each came: by its endpoint, with the clock, the address and the
// Idempotency-Key of then, so that its id is the same however often it is taken.
type Replay struct {
	collector *Collector
	topic     Topic
	open      []chunk // by partition
}

// Outcome is what became of a rejected event.
type Outcome int

// What may become of one. Cut are those of which not all was kept.
const (
	Taken Outcome = iota
	Refused
	Ignored
	Cut
)

// NewReplay puts what it takes into the options' Events. Where that is no log, it
// says what would become of each.
func NewReplay(o Options) (*Replay, error) {
	c, err := interpreter(o)
	return &Replay{collector: c, topic: o.Events, open: make([]chunk, o.Events.Partitions)}, err
}

// Take makes an event of it and holds that for Flush. The rejection says why it is
// Refused.
func (p *Replay) Take(ctx context.Context, r *Reject) (Outcome, *event.Rejection, error) {
	if r.Cut() {
		return Cut, nil, nil
	}
	one := &call{now: r.Received, source: r.Source, origin: r.Origin, kind: r.Kind, batch: r.Batch}
	ev, rejection := p.collector.again(one, r)
	switch {
	case rejection != nil:
		return Refused, rejection, nil
	case ev == nil:
		return Ignored, nil, nil
	case p.topic.Log == nil:
		return Taken, nil, nil
	}
	(&taking{collector: p.collector, call: one}).localise(ev)
	return Taken, nil, p.add(ctx, ev)
}

// again makes an event of what was refused, nil where it carries none.
func (c *Collector) again(one *call, r *Reject) (*event.BaseEvent, *event.Rejection) {
	if r.Path == pathEvents {
		ev, rejection := c.options.Registry.ParseFrom(r.Raw, one.now, &one.origin)
		return &ev, rejection
	}
	if source, ok := strings.CutPrefix(r.Path, pathWebhooks); ok {
		return c.redelivered(one, source, r.Raw)
	}
	kind := strings.TrimPrefix(r.Path, pathMessages)
	if !slices.Contains(kinds, kind) {
		return nil, &event.Rejection{Reason: event.UnknownType, Detail: fmt.Sprintf("there is no endpoint %.80q", r.Path)}
	}
	e := &envelope{}
	if r.Batch != nil {
		e = r.Batch.envelope()
		if rejection := e.readContext(); rejection != nil {
			return nil, rejection
		}
	}
	return c.message(one, kind, e, r.Raw)
}

func (c *Collector) redelivered(one *call, source string, raw []byte) (*event.BaseEvent, *event.Rejection) {
	hook, ok := c.webhooks[source]
	if !ok {
		return nil, &event.Rejection{Reason: event.UnknownType, Detail: fmt.Sprintf("collect.webhooks has no %.80q", source)}
	}
	d, err := readDelivery(raw)
	if err != nil {
		return nil, &event.Rejection{Reason: event.MalformedJSON, Detail: err.Error()}
	}
	if !strings.HasPrefix(hook.Type, "header:") {
		one.kind = d.text(hook.Type) // the pointer may be what was mended
	}
	return c.delivered(one, hook, d)
}

func (p *Replay) add(ctx context.Context, ev *event.BaseEvent) error {
	at := partitionOf(ev.SessionID, p.topic.Partitions)
	open := &p.open[at]
	open.body = append(event.AppendJSON(open.body, ev), '\n')
	open.count++
	if len(open.body) < batchBytes && open.count < batchEvents {
		return nil
	}
	return p.send(ctx, at)
}

func (p *Replay) send(ctx context.Context, at int) error {
	b := p.topic.Log.Batch(at, p.open[at].body, p.open[at].count)
	p.open[at] = chunk{}
	return p.topic.Log.Append(ctx, b)
}

// Flush returns once all that was taken is confirmed. After an error, of Take too,
// any of it may be stored: replaying again does no harm.
func (p *Replay) Flush(ctx context.Context) error {
	for at := range p.open {
		if p.open[at].count == 0 {
			continue
		}
		if err := p.send(ctx, at); err != nil {
			return err
		}
	}
	return nil
}
