package load

import (
	"context"
	"io"
)

// stream is an INSERT over HTTP, which takes our blocks as they are.
type stream struct {
	pipe *io.PipeWriter
	done chan error
	buf  []byte
}

// insertFunc runs an INSERT with r as its data, in the Native format.
type insertFunc func(ctx context.Context, r io.Reader) error

func openStream(ctx context.Context, insert insertFunc) *stream {
	r, w := io.Pipe()
	s := &stream{pipe: w, done: make(chan error, 1)}
	go func() {
		err := insert(ctx, r)
		// Whoever still writes learns of it.
		r.CloseWithError(err)
		s.done <- err
	}()
	return s
}

func (s *stream) send(columns []*buffer, rows int) error {
	s.buf = encode(s.buf[:0], columns, rows)
	_, err := s.pipe.Write(s.buf)
	if err != nil {
		return s.close(err)
	}
	return nil
}

func (s *stream) close(cause error) error {
	s.pipe.CloseWithError(cause)
	err := <-s.done
	s.done <- err
	if err != nil {
		return err
	}
	return cause
}
