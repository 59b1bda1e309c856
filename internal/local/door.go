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

// doorCheck is how often the supervisor looks whether commands can find it.
const doorCheck = time.Second

// openDoor listens for commands and leaves the address for them.
func (s *supervisor) openDoor(o Options) (net.Listener, error) {
	l, err := listen(s.spec.StateDir)
	if err != nil {
		return nil, err
	}
	a := address{Protocol: protocol, PID: os.Getpid(), Socket: l.Addr().String(), Token: s.token}
	if err := a.write(o.addressFile()); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

// keepDoor takes commands until ctx is done. When somebody has cleared the socket
// or the address away, it opens again: with leases held nobody else could start.
func (s *supervisor) keepDoor(ctx context.Context, l net.Listener, o Options, calls *sync.WaitGroup) {
	// Commands must not find us after this; the next supervisor waits for the lock,
	// that is for the services to be gone.
	defer func() {
		_ = os.Remove(o.addressFile())
		_ = l.Close()
	}()
	calls.Go(func() { s.accept(ctx, l, calls) })
	tick := time.NewTicker(doorCheck)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		if !s.lock.Stands() {
			// The state folder is gone, and the data with it. Another engine may
			// begin in its place, and ours must not tidy away what it writes.
			s.log.Error("the state folder was removed while in use; stopping", "folder", o.StateDir)
			s.stop()
			return
		}
		if s.visible(l, o) {
			continue
		}
		_ = l.Close()
		again, err := s.openDoor(o)
		if err != nil {
			s.log.Warn("cannot be found by commands", "err", err)
			continue
		}
		l = again
		calls.Go(func() { s.accept(ctx, again, calls) })
	}
}

func (s *supervisor) visible(l net.Listener, o Options) bool {
	_, err := os.Lstat(l.Addr().String())
	a, addressErr := readAddress(o.addressFile())
	return err == nil && addressErr == nil && a.Token == s.token
}

func listen(stateDir string) (net.Listener, error) {
	path, err := socketPath(stateDir)
	if err != nil {
		return nil, err
	}
	// The lock is ours, so a socket that is there is a dead supervisor's.
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("remove stale socket: %w", err)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("listen for commands: %w", err)
	}
	return l, nil
}
