package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// Manifest reads what a file says of itself: a small part of it.
func (a *Archive) Manifest(ctx context.Context, f File) (Manifest, error) {
	name := a.prefix + f.Name()
	r, err := a.bucket.Open(ctx, name, 0, maxManifest+frameHead)
	if err != nil {
		return Manifest{}, err
	}
	m, err := readManifest(r)
	if err == nil {
		err = m.is(f)
	}
	if err = errors.Join(err, r.Close()); err != nil {
		return m, fmt.Errorf("%s: %w", name, err)
	}
	return m, nil
}

// maxContent bounds what a file is uncompressed. Those of this release are no more than
// some messages above 64 MiB.
const maxContent = 512 << 20

// Read hands out the lines of a file in their order, once all of it has been read and
// found to be what was written: else the error is ErrDamaged and no line is handed out.
// A line is good until the next one.
func (a *Archive) Read(ctx context.Context, f File, do func(line []byte) error) (Manifest, error) {
	m, content, err := a.content(ctx, f)
	if err != nil {
		return m, fmt.Errorf("%s: %w", a.prefix+f.Name(), err)
	}
	for line := range bytes.Lines(content) {
		if err := do(bytes.TrimSuffix(line, []byte("\n"))); err != nil {
			return m, err
		}
	}
	return m, nil
}

// content reads a file and holds it against its manifest.
func (a *Archive) content(ctx context.Context, f File) (m Manifest, content []byte, err error) {
	r, err := a.bucket.Open(ctx, a.prefix+f.Name(), 0, -1)
	if err != nil {
		return m, nil, err
	}
	defer func() { err = errors.Join(err, r.Close()) }()
	return decode(r, f)
}

// decode reads the body of a file.
func decode(r io.Reader, f File) (m Manifest, content []byte, err error) {
	if m, err = readManifest(r); err != nil {
		return m, nil, err
	}
	if err := m.is(f); err != nil {
		return m, nil, err
	}
	if m.Bytes < 0 || m.Bytes > maxContent {
		return m, nil, fmt.Errorf("%w: its manifest says %d bytes, and there are at most %d in a file", ErrDamaged, m.Bytes, maxContent)
	}
	content, err = expand(r, m.Bytes)
	if err != nil {
		return m, nil, err
	}
	found := newSummary(f.Topic)
	for line := range bytes.Lines(content) {
		found.line(line)
	}
	if got := found.contents(); got != m.Contents {
		return m, nil, fmt.Errorf("%w: its content is %+v, and its manifest says %+v", ErrDamaged, got, m.Contents)
	}
	return m, content, nil
}

// expand decompresses, up to a byte more than there should be. What is wrong with the
// bytes is ErrDamaged; what is wrong with their reader stays what it is.
func expand(r io.Reader, length int64) ([]byte, error) {
	watched := &watched{r: r}
	d, err := newDecoder(watched)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	var content bytes.Buffer
	_, err = io.Copy(&content, io.LimitReader(d, length+1))
	switch {
	case watched.err != nil:
		return nil, watched.err
	case err != nil:
		return nil, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return content.Bytes(), nil
}

// watched keeps the error of a reader.
type watched struct {
	r   io.Reader
	err error
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}

// maxWindow bounds the memory that a file may ask for. Frames of this release are no
// longer than a message above frameBytes.
const maxWindow = 64 << 20

func newDecoder(r io.Reader) (*zstd.Decoder, error) {
	return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
}
