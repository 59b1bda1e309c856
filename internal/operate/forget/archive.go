package forget

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/tiendi/tiendi/internal/archive"
	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// Archive is what tiendi stream has kept. Nothing says whose lines a file has, so that
// all of them are read, once for each look: for sessions, and unless more are known then,
// for lines.
type Archive struct {
	Archive *archive.Archive

	mu     sync.Mutex
	looked int // at so many pseudonyms
	files  map[string]*archived
	own    map[uuid.UUID]uuid.UUID
	shared map[uuid.UUID]bool
}

// archived is a file, and how many of its lines are theirs.
type archived struct {
	file  archive.File
	lines uint64
}

// filesAtOnce is how many are in memory at the same time, each whole.
const filesAtOnce = 2

// Name implements Place.
func (a *Archive) Name() string { return "archive" }

// Sessions implements Finder.
func (a *Archive) Sessions(ctx context.Context, p *People) (own map[uuid.UUID]uuid.UUID, shared []uuid.UUID, err error) {
	if a.files == nil || a.looked != len(p.Known) {
		if err := a.read(ctx, p, func(string) {}); err != nil {
			return nil, nil, err
		}
	}
	for id := range a.shared {
		shared = append(shared, id)
	}
	return a.own, shared, nil
}

// Look implements Place.
func (a *Archive) Look(ctx context.Context, p *People, tell func(string)) (found []Found, notes []string, err error) {
	if a.files == nil || a.looked != len(p.Known) {
		if err := a.read(ctx, p, tell); err != nil {
			return nil, nil, err
		}
	}
	for _, topic := range archive.Topics() {
		one := Found{Place: a.Name(), Object: topic, Unit: "line"}
		files := 0
		for _, f := range a.files {
			if f.file.Topic == topic {
				one.Count, files = one.Count+f.lines, files+1
			}
		}
		if one.Count > 0 {
			one.Files = files
			found = append(found, one)
		}
	}
	a.looked = -1 // the next look reads again
	return found, nil, nil
}

// read reads the archive.
func (a *Archive) read(ctx context.Context, p *People, tell func(string)) error {
	a.files, a.looked = map[string]*archived{}, len(p.Known)
	a.own, a.shared = map[uuid.UUID]uuid.UUID{}, map[uuid.UUID]bool{}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(filesAtOnce)
	n := 0
	for _, topic := range archive.Topics() {
		for f, err := range a.Archive.List(ctx, topic, time.Time{}, time.Time{}) {
			if err != nil {
				return firstError(group.Wait(), err)
			}
			n++
			tell(fmt.Sprintf("reading the archive: file %d", n))
			group.Go(func() error { return a.readFile(ctx, p, f) })
		}
	}
	return group.Wait()
}

func (a *Archive) readFile(ctx context.Context, p *People, f archive.File) error {
	var lines uint64
	_, err := a.Archive.Read(ctx, f, func(line []byte) error {
		if !holdsLine(p, f.Topic, line) {
			return nil
		}
		lines++
		if f.Topic == record.TopicRaw {
			a.session(p, line)
		}
		return nil
	})
	if err != nil || lines == 0 {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.files[f.Name()] = &archived{f, lines}
	return nil
}

func holdsLine(p *People, topic string, line []byte) bool {
	if topic == record.TopicRejected {
		if raw, _, _ := decodedRaw(line); raw != nil && p.Holds(raw) {
			return true
		}
	}
	return p.Holds(line)
}

// session takes in whose session a line of theirs is of.
func (a *Archive) session(p *People, line []byte) {
	var e struct {
		User    uuid.UUID `json:"user_id"`
		Session uuid.UUID `json:"session_id"`
	}
	if json.Unmarshal(line, &e) != nil || e.Session == uuid.Nil {
		return // what is no event names no session
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case p.IsUser(e.User):
		a.own[e.Session] = e.User
	case e.User != uuid.Nil && !p.IsPseudonym(e.User) && p.Has(e.Session):
		a.shared[e.Session] = true
	}
}

// Forget implements Place: each file is replaced in one step, under a manifest that is
// true of it, or stays as it is.
func (a *Archive) Forget(ctx context.Context, p *People, _ []Found, tell func(string)) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(filesAtOnce)
	n := 0
	for _, f := range a.files {
		n++
		tell(fmt.Sprintf("rewriting the archive: file %d of %d", n, len(a.files)))
		group.Go(func() error {
			_, err := a.Archive.Rewrite(ctx, f.file, lineEditor(p, f.file.Topic))
			return err
		})
	}
	err := group.Wait()
	a.files = nil
	return err
}

// lineEditor gives what edits lines of a topic.
func lineEditor(p *People, topic string) func(line []byte) ([]byte, bool) {
	switch topic {
	case change.Topic:
		var changes archive.Changes
		return func(line []byte) ([]byte, bool) {
			if !p.Holds(line) {
				return nil, false
			}
			c, err := changes.Read(line)
			if err != nil || !p.EditChange(&c) {
				return p.Edit(line), true
			}
			return archive.AppendChange(nil, &c), true
		}
	case record.TopicRejected:
		return p.editRejected
	}
	return func(line []byte) ([]byte, bool) {
		if !p.Holds(line) {
			return nil, false
		}
		return p.Edit(line), true
	}
}
