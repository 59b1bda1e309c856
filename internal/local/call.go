package local

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

// errNobody means that no supervisor answers, or that it is leaving.
var errNobody = errors.New("no supervisor of local services is running")

// call is one connection to the supervisor.
type call struct {
	conn  net.Conn
	lines lines
	lost  chan struct{}
	once  sync.Once
}

func (c *call) close() { c.once.Do(func() { _ = c.conn.Close() }) }

// watch waits for the supervisor's end of the connection to close.
func (c *call) watch() {
	var e event
	for c.lines.next(&e) == nil {
		e = event{}
	}
	c.close()
	close(c.lost)
}

// ask sends a request and follows the answer to its last event. The connection
// stays open. o must have its defaults.
func ask(ctx context.Context, o Options, r request) (*call, event, error) {
	c, err := dial(ctx, o, r)
	if err != nil {
		return nil, event{}, err
	}
	stop := context.AfterFunc(ctx, c.close)
	e, err := c.result(o.Progress)
	if !stop() {
		err = ctx.Err()
	}
	if err != nil {
		c.close()
		return nil, event{}, err
	}
	return c, e, nil
}

// dial finds the supervisor by its address file. Whatever keeps it from answering
// there, a stale file included, means that there is none.
func dial(ctx context.Context, o Options, r request) (*call, error) {
	a, err := readAddress(o.addressFile())
	if err != nil {
		return nil, errNobody
	}
	d := net.Dialer{Timeout: 5 * time.Second}
	conn, err := d.DialContext(ctx, "unix", a.Socket)
	if err != nil {
		return nil, errNobody
	}
	if a.Protocol != protocol {
		_ = conn.Close()
		return nil, fmt.Errorf("another version of tiendi runs the local services (process %d): "+
			"end its commands and run that version's \"tiendi local down\"", a.PID)
	}
	r.Protocol, r.Token, r.PID, r.Command, r.Version = protocol, a.Token, os.Getpid(), commandLine(), o.Version
	if err := send(conn, r); err != nil {
		_ = conn.Close()
		return nil, errNobody
	}
	return &call{conn: conn, lines: newLines(conn), lost: make(chan struct{})}, nil
}

// result passes progress on and returns the last event.
func (c *call) result(progress func(string)) (event, error) {
	for {
		var e event
		if err := c.lines.next(&e); err != nil {
			return event{}, errNobody
		}
		switch {
		case e.Retry:
			return event{}, errNobody
		case e.Error != "":
			return event{}, errors.New(e.Error)
		case e.Progress != "":
			progress(e.Progress)
		default:
			return e, nil
		}
	}
}
