package load

import (
	"context"
	"io"
)

// stream is one INSERT that takes blocks until it is closed.
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

func (s *stream) send(b *block, batch string) error {
	s.buf = b.encode(s.buf[:0], batch)
	_, err := s.pipe.Write(s.buf)
	if err != nil {
		return s.close(err)
	}
	return nil
}

// close ends the insert, in error when cause is set, and waits for the server.
func (s *stream) close(cause error) error {
	s.pipe.CloseWithError(cause)
	err := <-s.done
	s.done <- err
	if err != nil {
		return err
	}
	return cause
}
