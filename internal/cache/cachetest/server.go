// Package cachetest starts a Redis server for a test.
package cachetest

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// Start starts an empty server that keeps nothing on disk, and stops it at the
// test's end. It gives the path of its socket, which go-redis takes as Options.Addr.
func Start(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "redis") // t.TempDir's names can be too long for a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	socket := filepath.Join(dir, "redis.sock")
	cmd := exec.Command("redis-server", "--port", "0", "--unixsocket", socket, "--dir", dir, "--save", "", "--appendonly", "no")
	var log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatalf("%v; \"make services\" installs Redis", err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait()
	}()
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-ended
	})
	await(t, socket, ended, &log)
	return socket
}

// await returns once the server takes connections.
func await(t testing.TB, socket string, ended <-chan struct{}, log *bytes.Buffer) {
	t.Helper()
	late := time.After(20 * time.Second)
	for {
		if c, err := net.Dial("unix", socket); err == nil {
			c.Close()
			return
		}
		select {
		case <-ended:
			t.Fatalf("redis-server ended:\n%s", log)
		case <-late:
			t.Fatal("redis-server does not answer")
		case <-time.After(10 * time.Millisecond):
		}
	}
}
