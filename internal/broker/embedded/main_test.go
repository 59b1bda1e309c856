package embedded_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/tiendi/tiendi/internal/broker/brokertest"
	"github.com/tiendi/tiendi/internal/broker/embedded"
)

// serverRole makes the test binary a server, so that it can be killed.
const (
	serverRole = "server-under-test"
	token      = "token-of-tests"
)

func connect(addr string) (brokertest.Conn, error) {
	b, err := embedded.Connect(embedded.Config{Addr: addr, Token: token}, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	return b, nil
}

func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == serverRole {
		if err := serve(os.Args[2], os.Args[3]); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	if code, handled := brokertest.Main(connect); handled {
		os.Exit(code)
	}
	os.Exit(m.Run())
}

// serve runs a server until standard input ends.
func serve(dir, port string) error {
	n, err := strconv.Atoi(port)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	s, err := embedded.Start(context.Background(), embedded.ServerOptions{Dir: dir, Port: n, Token: token, Log: log})
	if err != nil {
		return err
	}
	fmt.Println(s.Config().Addr)
	_, _ = io.Copy(io.Discard, os.Stdin)
	s.Stop()
	return nil
}

// node is a server in a process of its own.
type node struct {
	dir, port, addr string
	cmd             *exec.Cmd
	in              io.Closer
}

func startNode(t testing.TB) *node {
	t.Helper()
	n := &node{dir: t.TempDir(), port: "0"}
	n.start(t)
	t.Cleanup(func() { n.stop(t) })
	return n
}

func (n *node) start(t testing.TB) {
	t.Helper()
	n.cmd = exec.Command(os.Args[0], serverRole, n.dir, n.port)
	n.cmd.Stderr = os.Stderr
	in, err := n.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := n.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := n.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	n.in = in
	line := bufio.NewScanner(out)
	if !line.Scan() {
		t.Fatalf("the server did not start: %v", line.Err())
	}
	if n.addr != "" && n.addr != line.Text() {
		t.Fatalf("the server is at %s, was at %s", line.Text(), n.addr)
	}
	n.addr = line.Text()
	if _, n.port, err = net.SplitHostPort(n.addr); err != nil {
		t.Fatal(err)
	}
}

func (n *node) stop(t testing.TB) {
	t.Helper()
	_ = n.in.Close()
	if err := n.cmd.Wait(); err != nil {
		t.Errorf("stop the server: %v", err)
	}
}

func (n *node) restart(t testing.TB) {
	n.stop(t)
	n.start(t)
}

func (n *node) kill(t testing.TB) {
	_ = n.cmd.Process.Kill()
	_ = n.cmd.Wait()
	n.start(t)
}
