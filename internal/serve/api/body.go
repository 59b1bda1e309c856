package api

import (
	"bytes"
	"errors"
	"fmt"
)

// keptBytes is the largest answer that is kept. Larger ones are sent as they come.
const keptBytes = 1 << 20

// errCut is an answer that failed after it had begun.
var errCut = errors.New("the answer was cut off")

// body holds an answer back until it is whole, or too large to be kept: then it is sent as
// it comes.
type body struct {
	call  *call
	media string
	held  bytes.Buffer
	begun bool
}

func (b *body) Write(p []byte) (int, error) {
	if !b.begun && b.held.Len()+len(p) <= keptBytes {
		return b.held.Write(p)
	}
	if !b.begun {
		b.begun = true
		b.call.w.Header().Set("Content-Type", b.media)
		if _, err := b.held.WriteTo(b.call.w); err != nil {
			return 0, err
		}
	}
	return b.call.w.Write(p)
}

// fail is the error of an answer, which may have begun.
func (b *body) fail(err error) error {
	if b.begun {
		return fmt.Errorf("%w: %w", errCut, err)
	}
	return err
}
