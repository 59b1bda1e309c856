package collect

import (
	"cmp"
	"net/http"

	"github.com/tiendi/tiendi/internal/event"
)

// events takes one event, an array of events, or NDJSON.
func (c *Collector) events(one *call) (*answer, error) {
	if err := c.identify(one, presentedKey(one.r)); err != nil {
		return nil, err
	}
	body, err := c.body(one, eventTypes)
	if err != nil {
		return nil, err
	}
	t := c.take(one, len(body))
	limits := event.Limits{Bytes: c.limits.BodyBytes, Events: c.limits.BatchEvents}
	for result := range c.options.Registry.ParseBatch(body, one.now, &one.origin, limits) {
		if result.Rejection == nil {
			t.accept(&result.Event)
			continue
		}
		if result.Rejection.Reason == event.TooLarge && result.Index == c.limits.BatchEvents {
			return nil, refuse(http.StatusRequestEntityTooLarge, "more than %d events; send fewer at once", c.limits.BatchEvents)
		}
		t.refuse(result.Index, result.Raw, *result.Rejection)
	}
	return t.finish()
}

// taking is a request whose events are being told apart.
type taking struct {
	collector  *Collector
	call       *call
	submission *submission
	answer     *answer
	readable   bool // something was JSON
}

// take begins with a body of that size.
func (c *Collector) take(one *call, size int) *taking {
	one.made = c.submission(size)
	return &taking{collector: c, call: one, submission: one.made, answer: &answer{status: http.StatusAccepted}}
}

// accept adds a valid event.
func (t *taking) accept(ev *event.BaseEvent) {
	t.readable = true
	t.localise(ev)
	t.submission.event(ev)
	t.answer.Accepted++
}

// refuse keeps an event that is not valid.
func (t *taking) refuse(index int, raw []byte, why event.Rejection) {
	t.readable = t.readable || why.Reason != event.MalformedJSON && why.Reason != event.InvalidUTF8
	t.submission.reject(newReject(t.collector.options.Registry, t.call, raw, index, why))
	t.answer.Rejected = append(t.answer.Rejected, refused{Index: index, Reason: why.Reason, Pointer: why.Pointer, Detail: why.Detail})
}

// localise anonymises the address that an event brings. What the connection says
// stands in for web events alone: a server that sends for others is not where
// the event comes from.
func (t *taking) localise(ev *event.BaseEvent) {
	from, at := &t.call.origin, &ev.Context
	if t.collector.options.Registry.Web(ev.Type) {
		t.collector.completeContext(at)
	} else {
		if at.IP == from.IP {
			at.IP = ""
		}
		if at.UserAgent == from.UserAgent {
			at.UserAgent = ""
		}
	}
	if at.IP == "" || at.IP == from.IP {
		return
	}
	at.IP = string(event.AppendAnonymousIP(nil, []byte(at.IP)))
	if at.IP == "" {
		at.IP = from.IP
	}
}

// completeContext names what a web event leaves empty, which its schema allows:
// empty text is not written, and whoever reads the event must find the key.
func (c *Collector) completeContext(at *event.Context) {
	if at.OS == "" || at.Browser == "" {
		c.agents.Agent(at.UserAgent).Complete(at)
	}
	at.UserAgent = cmp.Or(at.UserAgent, "unknown")
}

// finish answers once everything is stored. A body without anything that is JSON
// is the client's mistake and is not kept.
func (t *taking) finish() (*answer, error) {
	if !t.readable && len(t.answer.Rejected) > 0 {
		first := t.answer.Rejected[0]
		return nil, refuse(http.StatusBadRequest, "the body is no JSON: %s", first.Detail)
	}
	if err := t.collector.allowance(t.call, t.answer.Accepted+len(t.answer.Rejected)); err != nil {
		return nil, err
	}
	if err := t.collector.commit(t.call, t.submission); err != nil {
		return nil, err
	}
	return t.answer, nil
}
