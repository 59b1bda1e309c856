package archive

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"sync"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// frameBytes is how much of a file is compressed at once: a part holds that much as it
// came, and the rest of a file compressed. Frames of four times the size would save
// three bytes in a hundred.
const frameBytes = 1 << 20

// The fastest level takes 3 µs an event; the next takes half as much again and saves
// two bytes in a hundred.
var encoder = sync.OnceValue(func() *zstd.Encoder {
	e, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderCRC(true))
	if err != nil {
		panic(err) // these options are right
	}
	return e
})

// Part is a file in the making. It is not safe for concurrent use.
type Part struct {
	topic    string
	messages int
	pending  []byte // lines that are not compressed yet
	frames   []byte
	summary  summary
}

// NewPart begins a file of one of the Topics.
func NewPart(topic string) *Part { return &Part{topic: topic, summary: newSummary(topic)} }

// Add takes a message's body. Marks of a run's end are left out, and addresses in
// events are made anonymous, should another program have written them. An error is of
// a body that is none of the topic's.
func (p *Part) Add(body []byte) error {
	if p.topic == change.Topic {
		b, err := change.Decode(body)
		if err != nil {
			return fmt.Errorf("topic %s: %w", p.topic, err)
		}
		for i := range b.Changes {
			p.line(AppendChange(nil, &b.Changes[i]))
		}
		p.count(len(b.Changes))
		return nil
	}
	before := p.summary.Events
	for line := range bytes.Lines(body) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 || p.topic == record.TopicRaw && bytes.HasPrefix(line, []byte(record.EndPrefix)) {
			continue
		}
		p.line(anonymise(line))
	}
	p.count(p.summary.Events - before)
	return nil
}

func (p *Part) count(events int) {
	if events > 0 {
		p.messages++
	}
}

func (p *Part) line(line []byte) {
	start := len(p.pending)
	p.pending = append(append(p.pending, line...), '\n')
	p.summary.line(p.pending[start:])
	if len(p.pending) >= frameBytes {
		p.compress()
	}
}

func (p *Part) compress() {
	if len(p.pending) > 0 {
		p.frames = encoder().EncodeAll(p.pending, p.frames)
		p.pending = p.pending[:0]
	}
}

// Events is how many lines there are.
func (p *Part) Events() int { return p.summary.Events }

// Bytes is how long the lines are.
func (p *Part) Bytes() int64 { return p.summary.Bytes }

// Held is how many bytes the part takes in memory.
func (p *Part) Held() int { return len(p.frames) + len(p.pending) }

// object is the file's body. The part takes no more.
func (p *Part) object(s Span) ([]byte, error) {
	p.compress()
	m := &Manifest{
		Format: format, Topic: s.Topic, Partition: s.Partition, Log: s.Log, From: s.From, To: s.To,
		Began: s.Began.UTC(), Messages: p.messages, Contents: p.summary.contents(),
	}
	head, err := appendManifest(make([]byte, 0, 1<<10+len(p.frames)), m)
	return append(head, p.frames...), err
}

// summary makes Contents of lines.
type summary struct {
	Contents
	key []byte // what a line's time stands behind
	sum hash.Hash
}

func newSummary(topic string) summary {
	keys := map[string]string{record.TopicRaw: `"timestamp":"`, record.TopicRejected: `"received_at":"`, change.Topic: `"committed":"`}
	return summary{key: []byte(keys[topic]), sum: sha256.New()}
}

// line takes one with its end.
func (s *summary) line(line []byte) {
	s.Events++
	s.Bytes += int64(len(line))
	_, _ = s.sum.Write(line) // a hash takes everything
	at, ok := timeBehind(line, s.key)
	if !ok {
		s.Untimed++
		return
	}
	if s.First.IsZero() || at.Before(s.First) {
		s.First = at
	}
	if s.Last.IsZero() || at.After(s.Last) {
		s.Last = at
	}
}

// timeBehind is the time behind the first such key. Those who write the topics have it
// before anything that a stranger chooses.
func timeBehind(line, key []byte) (time.Time, bool) {
	_, rest, ok := bytes.Cut(line, key)
	text, _, closed := bytes.Cut(rest[:min(len(rest), 64)], []byte(`"`))
	if !ok || !closed {
		return time.Time{}, false
	}
	at, err := time.Parse(time.RFC3339Nano, string(text))
	return at.UTC(), err == nil && !at.IsZero() && at.Year() < 10000
}

func (s *summary) contents() Contents {
	c := s.Contents
	c.SHA256 = hex.EncodeToString(s.sum.Sum(nil))
	return c
}
