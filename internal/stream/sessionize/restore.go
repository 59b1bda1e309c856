package sessionize

import (
	"fmt"
	"io"
	"time"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// Restore takes over the state of a snapshot in place of its own; the next batch is
// the one after the last that was folded before it. The errors are ErrSnapshot, and
// ErrOptions where the project's settings of sessions have changed since: then the
// log has to be read again from an earlier place. After an error s is as before.
func (s *Sessionizer) Restore(r io.Reader) error {
	restored, err := New(s.options)
	if err != nil {
		return err
	}
	re := restorer{Sessionizer: restored}
	if err := re.read(r); err != nil {
		return fmt.Errorf("restoring sessions: %w", err)
	}
	*s = *restored
	return nil
}

type restorer struct {
	*Sessionizer
	visitorsWanted, namesWanted uint64
	settings                    string
	version                     uint64
	texts                       int
}

func (r *restorer) read(from io.Reader) error {
	if err := readPart(from, r.head); err != nil {
		return err
	}
	switch {
	case r.version != snapshotVersion:
		return fmt.Errorf("%w: its version is %d, and this release reads %d", ErrSnapshot, r.version, snapshotVersion)
	case r.settings != r.options.String():
		return fmt.Errorf("%w: it has %s, now they are %s: start without it, from an earlier place in the log", ErrOptions, r.settings, r.options.String())
	}
	r.names.all = make([]named, 1)
	if err := readPart(from, r.visitor); err != nil {
		return err
	}
	if err := readPart(from, r.name); err != nil {
		return err
	}
	if n := r.visitors.count(); uint64(n) != r.visitorsWanted || uint64(r.texts) != r.namesWanted || len(r.names.all) != r.texts+1 || len(r.names.of) != r.texts {
		return fmt.Errorf("%w: it has %d visitors and %d texts of %d and %d", ErrSnapshot, n, r.texts, r.visitorsWanted, r.namesWanted)
	}
	r.countLive()
	return nil
}

func (r *restorer) head(p *packed) bool {
	if r.version = p.uint(); r.version != snapshotVersion {
		p.b = nil
		return true
	}
	r.settings = string(p.bytes())
	r.now = p.int()
	r.tooLate, r.visitorsWanted, r.namesWanted = p.uint(), p.uint(), p.uint()
	if len(p.b) > 0 {
		r.clock = record.Clock{Latest: moment(p.int()), At: moment(p.int()), Passed: time.Duration(p.int())}
		r.watermark = r.Watermark().UnixMilli()
	}
	return true
}

func (r *restorer) visitor(p *packed) bool {
	var id event.ID
	p.id(&id)
	text, shown, changed, from := p.bytes(), p.uint(), p.uint(), int64(0)
	if changed > 0 {
		from = p.int()
	}
	f, ok := r.front(p)
	if _, twice := r.visitors.find(id); twice || id.IsZero() || p.bad || !ok {
		return false
	}
	if r.held, ok = unpack(r.held[:0], text); !ok || f == nil && len(r.held) == 0 {
		return false
	}
	for i := range r.held {
		e := &r.held[i]
		if int(e.kind) >= len(r.rules.kinds) || !r.use(e.page) || !r.use(e.origin) || !r.use(e.store) {
			return false
		}
	}
	r.events += len(r.held)
	i := r.visitors.add(id)
	r.setFront(i, f)
	v := r.visitors.at(i)
	r.visitors.keep(i, text)
	if v.shown = uint32(shown); changed > 0 {
		r.note(i, from, changed-1, false)
	}
	r.wheel.push(&r.visitors, i, r.due(f, r.held, r.cut(f, r.held)))
	return true
}

// use counts one use of a name. A name that is new is the next one.
func (r *restorer) use(i name) bool {
	if int(i) > len(r.names.all) || uint64(i) > r.namesWanted {
		return false
	}
	if int(i) == len(r.names.all) {
		r.names.all = append(r.names.all, named{})
	}
	if i > 0 {
		r.names.all[i].uses++
	}
	return true
}

func (r *restorer) name(p *packed) bool {
	text := string(p.bytes())
	if r.texts++; r.texts >= len(r.names.all) {
		return false
	}
	r.names.all[r.texts].text = text
	r.names.of[text] = name(r.texts)
	return true
}

func (r *restorer) front(p *packed) (*front, bool) {
	n := p.uint()
	if n == 0 {
		return nil, true
	}
	f := &front{}
	f.floor.at = p.int()
	p.id(&f.floor.id)
	f.start, f.last = p.int(), p.int()
	if n == 1 {
		return f, true
	}
	published, err := record.ReadPublication(p.bytes())
	if err != nil || len(published.Sessions) != 1 {
		return nil, false
	}
	m := &summary{Session: published.Sessions[0]}
	m.startedAt, m.at, m.steps, m.views = p.int(), p.int(), uint32(p.int()), uint64(p.int())
	m.cart, m.checkout, m.purchase = p.int(), p.int(), p.int()
	m.seen = make([]event.ID, p.count(len(event.ID{})))
	for i := range m.seen {
		p.id(&m.seen[i])
	}
	f.base = m
	return f, true
}
