package load

import (
	"bufio"
	"context"
	"io"
)

// stream is an INSERT over HTTP, which takes our blocks as they are.
type stream struct {
	pipe *io.PipeWriter
	done chan error
	out  *bufio.Writer // to pipe
}

// streamBuffer gathers what is small in a block.
const streamBuffer = 64 << 10

// insertFunc runs an INSERT with r as its data, in the Native format.
type insertFunc func(ctx context.Context, r io.Reader) error

func openStream(ctx context.Context, insert insertFunc) *stream {
	r, w := io.Pipe()
	s := &stream{pipe: w, done: make(chan error, 1), out: bufio.NewWriterSize(w, streamBuffer)}
	go func() {
		err := insert(ctx, r)
		// Whoever still writes learns of it.
		r.CloseWithError(err)
		s.done <- err
	}()
	return s
}

func (s *stream) send(columns []*buffer, rows int) error {
	encode(s.out, columns, rows)
	if err := s.out.Flush(); err != nil {
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
