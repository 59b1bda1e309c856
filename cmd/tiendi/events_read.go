package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/tiendi/tiendi/internal/event"
)

const (
	// maxDocument bounds an array or an event that spans lines, which must be in
	// memory whole; NDJSON may be of any size.
	maxDocument = 64 << 20
	// maxZstdWindow bounds the memory that a .zst file may ask for.
	maxZstdWindow = 256 << 20
	headBytes     = event.MaxEventBytes + 1
)

// validation reads files of events and counts what it finds.
type validation struct {
	app      *App
	registry *event.Registry
	now      time.Time
	out      *bufio.Writer
	json     bool
	events   int
	refused  int
	reasons  map[event.Reason]int
}

func newValidation(app *App, r *event.Registry, asJSON bool) *validation {
	return &validation{
		app: app, registry: r, now: app.Now(), json: asJSON,
		out: bufio.NewWriter(app.Console.Out), reasons: map[event.Reason]int{},
	}
}

// file reads one file, "-" being standard input. Errors are of reading alone.
func (v *validation) file(ctx context.Context, path string) error {
	in, name := v.app.In, "stdin"
	if path != "-" {
		name = path
		f, err := os.Open(path)
		if err != nil {
			return fmt.Errorf("read events: %w", err)
		}
		defer func() { _ = f.Close() }()
		in = f
	}
	plain, done, err := decompressed(in, path)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	defer done()
	if err := v.read(ctx, plain, name); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

func decompressed(in io.Reader, path string) (plain io.Reader, done func(), err error) {
	switch {
	case strings.HasSuffix(path, ".gz"):
		r, err := gzip.NewReader(in)
		return r, func() {}, err
	case strings.HasSuffix(path, ".zst"):
		r, err := zstd.NewReader(in, zstd.WithDecoderMaxMemory(maxZstdWindow), zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, nil, err
		}
		return r, r.Close, nil
	}
	return in, func() {}, nil
}

// read looks at the beginning to know whether lines are events.
func (v *validation) read(ctx context.Context, in io.Reader, name string) error {
	r := bufio.NewReaderSize(in, headBytes)
	head, err := r.Peek(headBytes)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if event.Lines(head) {
		return v.lines(ctx, r, name)
	}
	body, err := io.ReadAll(io.LimitReader(r, maxDocument+1))
	if err != nil {
		return err
	}
	if len(body) > maxDocument {
		return fmt.Errorf("an array of more than %d MiB\n  write one event a line, without brackets and commas: NDJSON may be of any size", maxDocument>>20)
	}
	limits := event.Limits{Bytes: maxDocument, Events: maxDocument}
	for result := range v.registry.ParseBatch(body, v.now, nil, limits) {
		if err := v.count(name, result.Line, result.Raw, result.Rejection); err != nil {
			return err
		}
	}
	return nil
}

// lines reads NDJSON, a line at a time.
func (v *validation) lines(ctx context.Context, r *bufio.Reader, name string) error {
	for line := 1; ; line++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		raw, err := readLine(r)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if body := bytes.TrimSpace(bytes.TrimPrefix(raw, []byte("\xef\xbb\xbf"))); len(body) > 0 {
			_, rejection := v.registry.Parse(body, v.now)
			if err := v.count(name, line, body, rejection); err != nil {
				return err
			}
		}
		if err != nil {
			return nil
		}
	}
}

// readLine gives the next line, valid until the next call. Of one that is too
// long to be an event it gives as much as shows that, and reads over the rest.
func readLine(r *bufio.Reader) ([]byte, error) {
	line, err := r.ReadSlice('\n')
	if !errors.Is(err, bufio.ErrBufferFull) {
		return line, err
	}
	line = bytes.Clone(line)
	for errors.Is(err, bufio.ErrBufferFull) {
		_, err = r.ReadSlice('\n')
	}
	return line, err
}

func (v *validation) count(name string, line int, raw []byte, rejection *event.Rejection) error {
	v.events++
	if rejection == nil {
		return nil
	}
	return v.refuse(name, line, raw, rejection)
}
