package local

import (
	"context"
	"fmt"
	"net"
	"time"
)

// down stops the services once no command and no query uses them, or at once by
// force. A command that gives up waiting takes its wish back.
func (s *supervisor) down(ctx context.Context, conn net.Conn, force bool) {
	s.pin(false)
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		st := s.status(ctx)
		idle := func() bool { return force || s.held() == 0 && !st.busy() }
		if s.leaveIf(idle) {
			_ = send(conn, event{Stopped: true})
			return
		}
		if send(conn, event{Progress: waitingFor(st)}) != nil {
			return
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func waitingFor(st Status) string {
	if len(st.Leases) > 0 {
		l := st.Leases[0]
		return fmt.Sprintf("waiting for %d command(s), first %q (process %d); --force does not wait", len(st.Leases), l.Command, l.PID)
	}
	return "waiting for running queries; --force does not wait"
}
