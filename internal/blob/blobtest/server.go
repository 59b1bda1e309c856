// Package blobtest holds what must be true of every driver of blob.Bucket, and starts
// the object stores that tests hold them against.
package blobtest

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

// Pinned in .ci/stores, too.
const (
	azuriteRelease   = "azurite-3.35.0"
	versityGWRelease = "versitygw-v1.8.0"
)

// store is where .ci/stores puts one.
func store(t testing.TB, release, program string) string {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(cache, "tiendi", "stores", release, program)
	if _, err := os.Stat(path); err != nil {
		t.Fatalf("this test needs a real object store: run \"make services\" (%v)", err)
	}
	return path
}

// freeAddress is one that nobody listens on now.
func freeAddress(t testing.TB) (host, port string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	host, port, err = net.SplitHostPort(l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return host, port
}

// start runs a server until the test ends, and returns once it takes connections.
func start(t testing.TB, address string, cmd *exec.Cmd) {
	t.Helper()
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := startTied(cmd); err != nil {
		t.Fatal(err)
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
	for late := time.After(60 * time.Second); ; {
		c, err := net.Dial("tcp", address)
		if err == nil {
			_ = c.Close()
			return
		}
		select {
		case <-ended:
			t.Fatal(fmt.Errorf("%s ended:\n%s", cmd.Path, &said))
		case <-late:
			t.Fatalf("%s does not answer", cmd.Path)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// startTied starts a command that ends with this process, even if that is killed. The
// kernel ties it to the thread, which therefore has to stay.
func startTied(cmd *exec.Cmd) error {
	tie(cmd)
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		started <- cmd.Start()
		select {}
	}()
	return <-started
}
