package postgrestest

import (
	"fmt"
	"testing"
)

// Server is a PostgreSQL that one test has for itself, to stop it and start it again.
type Server struct{ *server }

// New starts a server that ends with the test. Settings are name=value, as in
// postgresql.conf.
func New(t testing.TB, settings ...string) *Server {
	t.Helper()
	s, err := startServer(settings...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.stop)
	return &Server{s}
}

// Addr is its host:port.
func (s *Server) Addr() string { return "127.0.0.1:" + s.port }

// URL is what a superuser connects to who reaches the server at an address.
func (s *Server) URL(addr string) string {
	return fmt.Sprintf("postgres://%s:%s@%s/postgres", superuser, password, addr)
}

// Kill ends the server as a crash would.
func (s *Server) Kill() { s.halt() }

// Start runs the server again, on the same port and with the same data.
func (s *Server) Start() error { return s.start() }
