package local

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
)

// talkTimeout bounds how long a command that says nothing can hold us up.
const talkTimeout = 5 * time.Second

func (s *supervisor) accept(ctx context.Context, l net.Listener, calls *sync.WaitGroup) {
	for {
		conn, err := l.Accept()
		if err != nil {
			if ctx.Err() != nil || errors.Is(err, net.ErrClosed) {
				return
			}
			s.log.Warn("accept", "err", err)
			time.Sleep(50 * time.Millisecond)
			continue
		}
		calls.Go(func() { s.serve(ctx, conn) })
	}
}

// serve answers one command. Its context ends with the connection, since a
// command that is gone waits for nothing.
func (s *supervisor) serve(ctx context.Context, conn net.Conn) {
	defer func() { _ = conn.Close() }()
	_ = conn.SetReadDeadline(time.Now().Add(talkTimeout))
	var r request
	in := newLines(conn)
	if err := in.next(&r); err != nil {
		return
	}
	if subtle.ConstantTimeCompare([]byte(r.Token), []byte(s.token)) != 1 {
		_ = send(conn, event{Error: "the token is not this supervisor's"})
		return
	}
	_ = conn.SetReadDeadline(time.Time{})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		defer cancel()
		var more request
		for in.next(&more) == nil {
			more = request{}
		}
	}()
	switch r.Op {
	case opLease, opPin:
		s.lease(ctx, conn, r)
	case opStatus:
		st := s.status(ctx)
		_ = send(conn, event{Status: &st})
	case opDown:
		s.down(ctx, conn, r.Force)
	default:
		_ = send(conn, event{Error: fmt.Sprintf("unknown request %q", r.Op)})
	}
}

// lease holds the services for a command until it hangs up.
func (s *supervisor) lease(ctx context.Context, conn net.Conn, r request) {
	if s.outdated(ctx, r) {
		_ = send(conn, event{Retry: true})
		return
	}
	id, ok := s.addLease(r)
	if !ok {
		_ = send(conn, event{Retry: true})
		return
	}
	defer s.dropLease(id)
	if err := s.awaitReady(ctx, conn); err != nil {
		_ = send(conn, event{Error: err.Error(), Retry: errors.Is(err, context.Canceled)})
		return
	}
	if r.Op == opPin {
		s.pin(true)
	}
	engine, broker := s.engine.Config(), s.broker.Config()
	if send(conn, event{Warehouse: &engine, Broker: &broker, Redis: s.cache.URL()}) != nil {
		return
	}
	<-ctx.Done()
}

// outdated stops this supervisor if the command brings another build or engine
// and nobody would notice. Otherwise the command has to take what runs.
func (s *supervisor) outdated(ctx context.Context, r request) bool {
	same := r.Version == s.spec.Version && r.Engine == s.spec.Engine
	if same || s.status(ctx).busy() {
		return false
	}
	left := s.leaveIf(func() bool { return s.held() == 0 })
	if left {
		s.log.Info("making room for another build", "version", r.Version)
	}
	return left
}

// awaitReady returns once all services are ready, and tells about the wait.
func (s *supervisor) awaitReady(ctx context.Context, conn net.Conn) error {
	began := time.Now()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		changed, ready, failure := s.readiness()
		if failure != nil {
			return failure
		}
		if ready {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			if _, _, failure := s.readiness(); failure != nil {
				return failure
			}
			return fmt.Errorf("local services: %w", ctx.Err())
		case <-tick.C:
			waited := time.Since(began).Round(time.Second)
			if err := send(conn, event{Progress: fmt.Sprintf("waiting for the local services (%s)", waited)}); err != nil {
				return err
			}
		}
	}
}
