package rabbitmq

import (
	"errors"
	"fmt"
	"sync"

	amqp "github.com/rabbitmq/amqp091-go"

	"github.com/tiendi/tiendi/internal/broker"
)

// link is a connection that is dialled when it is needed, and again when it broke.
type link struct {
	dial func() (*amqp.Connection, error)

	mu     sync.Mutex
	line   *line
	closed bool
}

// line is one connection.
type line struct {
	conn *amqp.Connection

	mu      sync.Mutex
	blocked chan struct{} // closed while the broker takes nothing
	reason  string
}

func newLine(dial func() (*amqp.Connection, error)) (*line, error) {
	conn, err := dial()
	if err != nil {
		return nil, err
	}
	l := &line{conn: conn, blocked: make(chan struct{})}
	go l.watch(conn.NotifyBlocked(make(chan amqp.Blocking, 1)))
	return l, nil
}

// watch ends with the connection.
func (l *line) watch(blockings <-chan amqp.Blocking) {
	for b := range blockings {
		l.block(b)
	}
}

func (l *line) block(b amqp.Blocking) {
	l.mu.Lock()
	defer l.mu.Unlock()
	was := l.reason != ""
	switch {
	case b.Active && !was:
		close(l.blocked)
		l.reason = b.Reason
	case !b.Active && was:
		l.blocked, l.reason = make(chan struct{}), ""
	}
}

// blockage is closed while the broker takes nothing; then err says why.
func (l *line) blockage() (blocked <-chan struct{}, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.reason != "" {
		err = fmt.Errorf("%w: RabbitMQ blocks publishers (%s); give it disk or memory, or lower its limits",
			broker.ErrUnavailable, l.reason)
	}
	return l.blocked, err
}

// confirming opens a channel for publishing. A broker that blocks publishers does not
// answer on their connections, which must not hold anybody up.
func (l *line) confirming() (*amqp.Channel, error) {
	blocked, err := l.blockage()
	if err != nil {
		return nil, err
	}
	type opened struct {
		ch  *amqp.Channel
		err error
	}
	done := make(chan opened, 1)
	go func() {
		ch, err := l.conn.Channel()
		if err == nil {
			err = ch.Confirm(false)
		}
		done <- opened{ch, err}
	}()
	select {
	case o := <-done:
		if o.err != nil {
			return nil, unavailable(o.err)
		}
		return o.ch, nil
	case <-blocked:
		go func() {
			if o := <-done; o.err == nil {
				_ = o.ch.Close() // nobody waits for it any more
			}
		}()
		return nil, unavailable(errors.New("RabbitMQ has begun to block publishers"))
	}
}

// get returns the connection that stands, or dials.
func (l *link) get() (*line, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return nil, fmt.Errorf("%w: closed by this process", broker.ErrUnavailable)
	}
	if l.line != nil && !l.line.conn.IsClosed() {
		return l.line, nil
	}
	line, err := newLine(l.dial)
	if err != nil {
		return nil, err
	}
	l.line = line
	return line, nil
}

// channel opens a channel on the connection.
func (l *link) channel() (*amqp.Channel, *line, error) {
	line, err := l.get()
	if err != nil {
		return nil, nil, err
	}
	ch, err := line.conn.Channel()
	if err != nil {
		return nil, nil, unavailable(err)
	}
	return ch, line, nil
}

func (l *link) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	if l.line != nil {
		hangUp(l.line.conn)
	}
}
