package embedded

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"github.com/tiendi/tiendi/internal/broker"
)

// Version is the release of the server.
const Version = server.VERSION

const (
	// A client that does not answer is gone after pingInterval × (maxPings + 1): so
	// long does a claim outlive an owner that hangs.
	pingInterval = 2 * time.Second
	maxPings     = 2
	// syncInterval is what a power cut can cost.
	syncInterval = time.Second
	// maxStore leaves the disk as the only bound; the default counts what a topic
	// may grow to against what is free today.
	maxStore = 1 << 60
	// headerRoom is what headers may add to a body.
	headerRoom = 64 << 10
)

// ServerOptions say where a server keeps its data. Nobody else may use the folder.
type ServerOptions struct {
	Dir   string
	Port  int    // on 127.0.0.1; 0, or one that is taken, for a free one
	Token string // what clients log in by; "" for a new one
	Log   *slog.Logger
}

// Server is a running broker.
type Server struct {
	server *server.Server
	config Config
	done   chan struct{}
}

// Start runs a server in this process and returns when it takes connections, that
// is when it has read its streams.
func Start(ctx context.Context, o ServerOptions) (*Server, error) {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, fmt.Errorf("embedded broker: %w", err)
	}
	if o.Token == "" {
		o.Token = rand.Text()
	}
	n, err := server.NewServer(natsOptions(o))
	if err != nil {
		return nil, fmt.Errorf("embedded broker: %w", err)
	}
	lines := &serverLog{log: o.Log}
	n.SetLoggerV2(lines, false, false, false)
	s := &Server{server: n, done: make(chan struct{})}
	go func() {
		n.Start()
		n.WaitForShutdown()
		close(s.done)
	}()
	if err := s.awaitReady(ctx); err != nil {
		s.Stop()
		return nil, fmt.Errorf("embedded broker in %s: %w%s", o.Dir, err, lines.last())
	}
	s.config = Config{Addr: n.Addr().String(), Token: o.Token}
	return s, nil
}

func natsOptions(o ServerOptions) *server.Options {
	return &server.Options{
		ServerName: "tiendi", Host: "127.0.0.1", Port: freeOrAny(o.Port), Authorization: o.Token,
		NoSigs: true, DisableJetStreamBanner: true,
		MaxPayload: broker.MaxBody + headerRoom, WriteDeadline: 10 * time.Second,
		PingInterval: pingInterval, MaxPingsOut: maxPings,
		JetStream: true, StoreDir: o.Dir, SyncInterval: syncInterval,
		JetStreamMaxStore: maxStore, JetStreamMaxMemory: 64 << 20,
	}
}

var errEnded = errors.New("the server ended while it started")

func (s *Server) awaitReady(ctx context.Context) error {
	for !s.server.ReadyForConnections(20 * time.Millisecond) {
		select {
		case <-s.done:
			return errEnded
		case <-ctx.Done():
			return ctx.Err()
		default:
		}
	}
	if !s.server.JetStreamEnabled() {
		return errors.New("the server has no store")
	}
	return nil
}

// Config says how to reach the server.
func (s *Server) Config() Config { return s.config }

// Done is closed when the server has ended.
func (s *Server) Done() <-chan struct{} { return s.done }

// Stop ends the server with everything on the disk.
func (s *Server) Stop() {
	s.server.Shutdown()
	<-s.done
}

// freeOrAny returns the port if nothing listens on it.
func freeOrAny(port int) int {
	if port == 0 {
		return server.RANDOM_PORT
	}
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return server.RANDOM_PORT
	}
	_ = l.Close()
	return port
}
