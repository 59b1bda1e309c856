package cdc

import (
	"context"
	"crypto/tls"
	"net"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sys/unix"
)

const (
	// gatherTime is how long what comes may gather where everything was read. PostgreSQL
	// sends each change by itself: to be woken by each costs more processor than the change
	// does.
	gatherTime = time.Millisecond
	// gatherBytes are read at once, and wake the reader sooner.
	gatherBytes = 128 << 10
)

// gathering is a connection that is read less often, and more at once.
type gathering struct {
	net.Conn
	socket syscall.RawConn // nil where there is none
	buffer []byte
	unread []byte // of the buffer
	all    bool   // the last read left nothing behind
}

// gather is for pgconn.Config.AfterNetConnect.
func gather(_ context.Context, _ *pgconn.Config, conn net.Conn) (net.Conn, error) {
	g := &gathering{Conn: conn, buffer: make([]byte, gatherBytes)}
	if secure, ok := conn.(*tls.Conn); ok {
		conn = secure.NetConn()
	}
	if has, ok := conn.(syscall.Conn); ok {
		var err error
		if g.socket, err = has.SyscallConn(); err != nil {
			return nil, err
		}
	}
	return g, nil
}

// Read implements net.Conn.
func (g *gathering) Read(p []byte) (int, error) {
	if len(g.unread) == 0 {
		if g.all {
			g.wakeAt(gatherBytes)
			time.Sleep(gatherTime)
			g.wakeAt(1)
		}
		n, err := g.Conn.Read(g.buffer)
		g.unread, g.all = g.buffer[:n], n < len(g.buffer)
		if n == 0 {
			return 0, err // one that comes with bytes comes again
		}
	}
	n := copy(p, g.unread)
	g.unread = g.unread[n:]
	return n, nil
}

// wakeAt sets how many bytes have to be there for the system to tell of them. Without it
// the runtime would be woken by each while nobody reads. A socket that does not have the
// setting is only read less often.
func (g *gathering) wakeAt(bytes int) {
	if g.socket != nil {
		_ = g.socket.Control(func(fd uintptr) { _ = unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_RCVLOWAT, bytes) })
	}
}
