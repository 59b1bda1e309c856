// Package cachetest starts a Redis server for a test.
package cachetest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Server is a Redis of a test's own, which ends with the test. It keeps nothing on
// disk but what SAVE writes.
type Server struct {
	// Addr is the path of its socket, or host:port; go-redis takes either as
	// Options.Addr.
	Addr string
	// Dump is the file that SAVE writes, and that Start begins with if it is there.
	Dump string

	network string
	args    []string
	process *exec.Cmd
	ended   chan struct{}
}

// Start starts an empty server and gives the path of its socket.
func Start(t testing.TB) string {
	t.Helper()
	dir := folder(t)
	s := &Server{network: "unix", Addr: filepath.Join(dir, "redis.sock")}
	s.args = []string{"--port", "0", "--unixsocket", s.Addr}
	s.begin(t, dir)
	return s.Addr
}

// New starts an empty server on a port of this host.
func New(t testing.TB) *Server {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := &Server{network: "tcp", Addr: l.Addr().String()}
	_ = l.Close()
	_, port, _ := net.SplitHostPort(s.Addr) // it is one
	s.args = []string{"--port", port, "--bind", "127.0.0.1"}
	s.begin(t, folder(t))
	return s
}

// folder is short: t.TempDir's names can be too long for a socket.
func folder(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "redis")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func (s *Server) begin(t testing.TB, dir string) {
	t.Helper()
	s.Dump = filepath.Join(dir, "dump.rdb")
	s.args = append(s.args, "--dir", dir, "--save", "", "--appendonly", "no")
	t.Cleanup(s.Kill)
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
}

// Start starts the server again, after Kill, with what is in Dump.
func (s *Server) Start() error {
	s.process = exec.Command("redis-server", s.args...)
	var log bytes.Buffer
	s.process.Stdout, s.process.Stderr = &log, &log
	if err := s.process.Start(); err != nil {
		return fmt.Errorf("%w; \"make services\" installs Redis", err)
	}
	process, ended := s.process, make(chan struct{})
	s.ended = ended
	go func() {
		defer close(ended)
		_ = process.Wait()
	}()
	for late := time.After(20 * time.Second); ; {
		if s.answers() {
			return nil
		}
		select {
		case <-ended:
			return fmt.Errorf("redis-server ended:\n%s", &log)
		case <-late:
			return errors.New("redis-server does not answer")
		case <-time.After(10 * time.Millisecond):
		}
	}
}

// answers says whether the server does, and is not still reading its dump.
func (s *Server) answers() bool {
	c, err := net.Dial(s.network, s.Addr)
	if err != nil {
		return false
	}
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(time.Second))
	_, _ = c.Write([]byte("PING\r\n"))
	line, _ := bufio.NewReader(c).ReadString('\n')
	return line == "+PONG\r\n"
}

// Kill ends the server at once.
func (s *Server) Kill() {
	if s.ended != nil {
		_ = s.process.Process.Kill()
		<-s.ended
	}
}
