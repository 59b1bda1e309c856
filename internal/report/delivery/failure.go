package delivery

import (
	"errors"
	"net/textproto"
	"time"
)

// Failure is why a message was not taken.
type Failure struct {
	Temporary   bool          // it may be taken later
	Unreachable bool          // nothing is taken by that way, not this message alone
	After       time.Duration // how long the other side asks to wait, 0 for nothing
	err         error
}

// Error implements error.
func (f *Failure) Error() string { return f.err.Error() }

// Unwrap gives what it was.
func (f *Failure) Unwrap() error { return f.err }

// replyCode is what a server of mail answered, 0 for nothing.
func replyCode(err error) int {
	var reply *textproto.Error
	if errors.As(err, &reply) {
		return reply.Code
	}
	return 0
}
