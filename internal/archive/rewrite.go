package archive

import (
	"bytes"
	"context"
	"fmt"
)

// Rewrite changes lines of a file: edit gives a line's new text, or false where it stays.
// A line keeps its place, so that the file has as many as before, of the same offsets,
// under the same name; its manifest and checksum are those of the new lines. The object
// is replaced in one step, or left as it is where no line changes. It gives how many did.
//
// A worker that writes the newest file of a partition again, having died in it, brings
// back what came.
func (a *Archive) Rewrite(ctx context.Context, f File, edit func(line []byte) ([]byte, bool)) (changed int, err error) {
	m, content, err := a.content(ctx, f)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", a.prefix+f.Name(), err)
	}
	p := NewPart(f.Topic)
	for line := range bytes.Lines(content) {
		line = bytes.TrimSuffix(line, []byte("\n"))
		edited, ok := edit(line)
		if ok && !bytes.Equal(edited, line) {
			if bytes.IndexByte(edited, '\n') >= 0 {
				return 0, fmt.Errorf("%s: a line would become two", a.prefix+f.Name())
			}
			line = edited
			changed++
		}
		p.line(line)
	}
	if changed == 0 {
		return 0, nil
	}
	p.messages = m.Messages
	s := Span{Topic: m.Topic, Partition: m.Partition, Log: m.Log, From: m.From, To: m.To, Began: m.Began}
	body, err := p.object(s)
	if err != nil {
		return 0, err
	}
	if err := a.bucket.Put(ctx, a.prefix+f.Name(), body); err != nil {
		return 0, err
	}
	return changed, a.dropTrimmed(ctx, f)
}

// dropTrimmed removes a file that was too old to be kept while it was rewritten: whoever
// trims notes that first, and then deletes.
func (a *Archive) dropTrimmed(ctx context.Context, f File) error {
	e, err := a.readExtents(ctx, f.Topic, f.Partition)
	if err != nil {
		return err
	}
	for _, x := range e.Logs {
		if x.Log == f.Log && f.To <= x.From {
			return a.bucket.Delete(ctx, a.prefix+f.Name())
		}
	}
	return nil
}
