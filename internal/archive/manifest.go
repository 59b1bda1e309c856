package archive

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// ErrDamaged: a file is not what was written. The error names it.
var ErrDamaged = errors.New("the file is damaged")

// format is of what a manifest says of a file. A reader refuses any other.
const format = 1

// Manifest is what a file says of itself, before its content. It stands in a frame
// that zstd, and so whoever else reads the file, passes over.
type Manifest struct {
	Format    int       `json:"tiendi_archive"`
	Topic     string    `json:"topic"`
	Partition int       `json:"partition"`
	Log       string    `json:"log"`
	From      uint64    `json:"from"`
	To        uint64    `json:"to"`
	Began     time.Time `json:"began"` // when the first message was taken
	Messages  int       `json:"messages"`
	Contents
}

// Contents is what follows from a file's lines.
type Contents struct {
	Events int    `json:"events"` // lines
	Bytes  int64  `json:"bytes"`  // of all lines with their ends, uncompressed
	SHA256 string `json:"sha256"` // of the same, in hexadecimal digits
	// First and Last are the least and the greatest time of the lines: of an event its
	// timestamp, of a change its commit, of a rejected event when it was received.
	First time.Time `json:"first,omitzero"`
	Last  time.Time `json:"last,omitzero"`
	// Untimed is how many lines have no such time.
	Untimed int `json:"untimed,omitempty"`
}

// Overlaps says whether there may be something of that time in it: from ≤ time < to.
func (c Contents) Overlaps(from, to time.Time) bool {
	return c.Untimed > 0 || !c.First.IsZero() && c.First.Before(to) && !c.Last.Before(from)
}

// A frame that zstd passes over: magic number, length, and so many bytes.
const (
	frameMagic  = 0x184D2A5D
	frameHead   = 8
	maxManifest = 64 << 10
)

// appendManifest writes the frame.
func appendManifest(dst []byte, m *Manifest) ([]byte, error) {
	text, err := json.Marshal(m)
	if err != nil {
		return nil, err
	}
	dst = binary.LittleEndian.AppendUint32(dst, frameMagic)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(text)))
	return append(dst, text...), nil
}

// readManifest reads the frame. An error that is none of the reader's is ErrDamaged.
func readManifest(r io.Reader) (m Manifest, err error) {
	var head [frameHead]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return m, short(err)
	}
	length := binary.LittleEndian.Uint32(head[4:])
	if binary.LittleEndian.Uint32(head[:4]) != frameMagic || length > maxManifest {
		return m, fmt.Errorf("%w: it does not begin with a manifest", ErrDamaged)
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(r, text); err != nil {
		return m, short(err)
	}
	if err := json.Unmarshal(text, &m); err != nil {
		return m, fmt.Errorf("%w: its manifest: %w", ErrDamaged, err)
	}
	if m.Format != format {
		return m, fmt.Errorf("%w: its manifest is of format %d, and this release reads %d", ErrDamaged, m.Format, format)
	}
	return m, nil
}

// short tells a file that ends too early from one that cannot be read now.
func short(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("%w: it is cut off", ErrDamaged)
	}
	return err
}

// is says whether the manifest is of the file of that name.
func (m *Manifest) is(f File) error {
	s := Span{Topic: m.Topic, Partition: m.Partition, Log: m.Log, From: m.From, To: m.To, Began: m.Began}
	if m.To <= m.From || s.file().Name() != f.Name() {
		return fmt.Errorf("%w: it says that it holds %s/%d, log %s, offsets %d to %d, begun at %s; it was renamed or copied",
			ErrDamaged, m.Topic, m.Partition, m.Log, m.From, m.To-1, m.Began.UTC().Format(time.RFC3339))
	}
	return nil
}
