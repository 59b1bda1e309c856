package worker

import (
	"context"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/stream/enrich"
	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/tracing"
)

// A batch of the enriched topic is written when it is so large, or so old. Every
// reader holds some of them, so they are no larger than reading well needs.
const (
	batchEvents = 1000
	batchBytes  = 256 << 10
	linger      = 25 * time.Millisecond
)

// Where nothing comes, the enricher says every tickPause that time passes, for as
// long as something may be waiting for it: no session stays open longer.
const (
	tickPause = 5 * time.Second
	tickFor   = 3 * time.Hour
)

// enriching is the task at work.
type enriching struct {
	w    *Worker
	h    *hold
	task Task
	e    *enrich.Enricher

	raw     *broker.Reader
	taken   unwritten
	run     string    // that ends behind the batch in the making
	began   time.Time // when that batch did, zero for none
	latest  time.Time // when an event came last
	ticked  time.Time
	kept    time.Time // the last checkpoint
	size    int       // its
	changed bool      // since then
}

// enrich turns a raw partition into the enriched one of the same number.
func (w *Worker) enrich(stop context.Context, task Task) error {
	h, err := w.hold(stop, task)
	if err != nil {
		return err
	}
	defer h.end()
	s := &enriching{w: w, h: h, task: task, e: enrich.New(*w.options.Enrich), kept: w.options.Clock(), taken: w.unwritten(task)}
	if err := s.readBack(); err != nil {
		return err
	}
	source := s.e.Source()
	from := broker.Progress{Log: source.Log, Partition: task.Partition, Next: source.Next}
	if s.raw, err = broker.Read(h.work, w.options.Broker, record.TopicRaw, from, w.options.Log); err != nil {
		return h.err(err)
	}
	defer s.raw.Close()
	w.status.running(task)
	return s.loop()
}

// readBack brings the state to where the predecessors' writing ended: from the
// checkpoint on, through what they wrote, up to the claim of this owner.
func (s *enriching) readBack() error {
	at, err := s.w.restore(s.h, s.task, s.e.Restore)
	if err != nil {
		return err
	}
	var b record.Batch
	return s.h.readBack(at.Written, func(body []byte) error {
		if err := record.ReadBatch(body, &b); err != nil {
			return err
		}
		s.e.Replay(&b)
		s.changed = true
		return nil
	})
}

func (s *enriching) loop() error {
	for {
		rec, ok, err := s.h.next(s.raw, s.due())
		if err != nil {
			return err
		}
		if ok && !rec.Claim() {
			s.fold(rec)
		}
		ended, err := s.write(!ok)
		if err == nil && (ended || s.h.stopping() || s.w.options.Clock().Sub(s.kept) > every(s.size)) {
			err = s.keep()
		}
		if err != nil || ended || s.h.stopping() {
			return err
		}
	}
}

func (s *enriching) fold(rec broker.Record) {
	s.taken.took(&rec)
	now := s.w.options.Clock()
	if run := s.e.Fold(rec.Body, rec.Position.Log, rec.Position.After(), now); run != "" {
		s.run = run
	}
	if s.began.IsZero() {
		s.began = now
	}
	s.latest = now
}

// due is when there is something to do although nothing has come.
func (s *enriching) due() time.Time {
	if !s.began.IsZero() {
		return s.began.Add(linger)
	}
	return s.w.options.Clock().Add(tickPause)
}

// write appends what is ripe. Where nothing comes it is everything, or a tick.
func (s *enriching) write(idle bool) (ended bool, err error) {
	now := s.w.options.Clock()
	events, size := s.e.Pending()
	ripe := idle || s.run != "" || events >= batchEvents || size >= batchBytes || !s.began.IsZero() && now.Sub(s.began) > linger
	var payloads []broker.Payload
	var span *tracing.Span
	if ripe {
		span = s.taken.span()
		if body, count := s.e.Take(); body != nil {
			payloads = append(payloads, broker.Payload{Body: body, Count: count, Trace: span.Traceparent()})
		}
		s.began = time.Time{}
	}
	switch {
	case s.run != "":
		payloads = append(payloads, broker.Payload{Body: s.e.End(s.run)})
		ended = s.run == s.w.options.Run
		s.run = ""
	case idle && len(payloads) == 0 && s.ticks(now):
		payloads = append(payloads, broker.Payload{Body: s.e.Tick(now)})
		s.ticked = now
	}
	if len(payloads) == 0 {
		span.End(0, nil)
		return false, nil
	}
	s.changed = true
	s.w.status.enriched(s.task, s.e.Stats(), s.e.Source().Next)
	err = s.h.err(s.h.Append(s.h.work, payloads...))
	span.End(events, err)
	return ended, err
}

// ticks says whether a tick is due.
func (s *enriching) ticks(now time.Time) bool {
	return s.w.options.Run == "" && !s.h.stopping() && now.Sub(s.latest) < tickFor && now.Sub(s.ticked) >= tickPause
}

// keep saves the state: all of it has been written.
func (s *enriching) keep() error {
	s.kept = s.w.options.Clock()
	if events, _ := s.e.Pending(); !s.changed || events > 0 || !s.began.IsZero() {
		return nil
	}
	written, err := s.w.written(s.h, s.task)
	if err == nil {
		s.size, err = s.w.save(s.h, s.task, place{Written: written}, s.e.Snapshot)
	}
	s.changed = err != nil
	return s.w.later(s.h, s.task, err)
}
