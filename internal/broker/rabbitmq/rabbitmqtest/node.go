// Package rabbitmqtest starts a RabbitMQ for tests.
package rabbitmqtest

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
	"github.com/tiendi/tiendi/internal/broker/rabbitmq"
)

// serverScript is where Debian's package has it. The one on PATH changes the user.
const serverScript = "/usr/lib/rabbitmq/bin/rabbitmq-server"

// Node is a RabbitMQ of the tests' own: data, ports, cookie and name mapper (epmd)
// are nobody else's, and all of it ends with the tests.
type Node struct {
	dir  string
	env  []string
	Addr string // host:port of AMQP; the user is guest, the password too
	epmd *exec.Cmd
	cmd  *exec.Cmd
}

// New prepares a node whose data are in a folder. Start starts it.
func New(dir string) (*Node, error) {
	if _, err := os.Stat(serverScript); err != nil {
		return nil, fmt.Errorf("these tests need a real RabbitMQ: run \"make services\" (%w)", err)
	}
	ports, err := freePorts(3)
	if err != nil {
		return nil, err
	}
	amqp, dist, epmd := ports[0], ports[1], ports[2]
	n := &Node{dir: dir, Addr: "127.0.0.1:" + amqp}
	n.env = append(os.Environ(),
		"HOME="+dir, "ERL_EPMD_PORT="+epmd, "ERL_EPMD_ADDRESS=127.0.0.1",
		"RABBITMQ_NODENAME=tiendi-test-"+amqp+"@localhost", "RABBITMQ_NODE_IP_ADDRESS=127.0.0.1",
		"RABBITMQ_NODE_PORT="+amqp, "RABBITMQ_DIST_PORT="+dist,
		"RABBITMQ_MNESIA_BASE="+filepath.Join(dir, "data"), "RABBITMQ_LOG_BASE="+filepath.Join(dir, "log"),
		"RABBITMQ_ENABLED_PLUGINS_FILE="+filepath.Join(dir, "plugins"), "RABBITMQ_CONF_ENV_FILE=/dev/null",
		"RABBITMQ_CONFIG_FILE="+filepath.Join(dir, "rabbitmq"), "RABBITMQ_PLUGINS_DIR="+filepath.Join(dir, "lib"),
		// Spinning schedulers would take the other tests' processors.
		"RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=+sbwt none +sbwtdcpu none +sbwtdio none",
	)
	if err := linkLibraries(filepath.Join(dir, "lib")); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "rabbitmq.conf"), []byte("disk_free_limit.absolute = 50MB\n"), 0o600); err != nil {
		return nil, err
	}
	n.epmd = n.command("epmd", "-port", epmd, "-address", "127.0.0.1")
	return n, startTied(n.epmd)
}

// linkLibraries gives the server its own libraries and none of the plugins, which
// nobody here uses: looking through them takes two fifths of a start's processor
// time (9.1 s of it, 5.6 s without).
func linkLibraries(dir string) error {
	found, err := filepath.Glob("/usr/lib/rabbitmq/lib/rabbitmq_server-*/plugins/*")
	if err != nil || len(found) == 0 {
		return fmt.Errorf("find RabbitMQ's libraries: %d found: %v", len(found), err)
	}
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	for _, path := range found {
		name := filepath.Base(path)
		if strings.HasPrefix(name, "rabbitmq_") && !strings.HasPrefix(name, "rabbitmq_prelaunch-") {
			continue
		}
		if err := os.Symlink(path, filepath.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

func (n *Node) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Env, cmd.Dir = n.env, n.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

// Settle makes a first stream and restarts the node in peace, which tests that kill
// it need: RabbitMQ 3.10 writes down late that it has streams at all, and killed
// before it has, it never starts any of them again.
func (n *Node) Settle() error {
	b, err := rabbitmq.Connect(n.Config(), slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	err = b.Declare(context.Background(), broker.Topic{Name: "test.first", Partitions: 1})
	if err := errors.Join(err, b.Close()); err != nil {
		return err
	}
	n.Signal(syscall.SIGTERM)
	return n.Start()
}

// Config uses a heartbeat that is shorter than people's, to wait less for owners
// that hang.
func (n *Node) Config() rabbitmq.Config {
	return rabbitmq.Config{URL: "amqp://guest:guest@" + n.Addr + "/?heartbeat=2"}
}

// Start runs the node, anew or again, and returns when it takes connections.
func (n *Node) Start() error {
	out, err := os.OpenFile(filepath.Join(n.dir, "output"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { _ = out.Close() }()
	n.cmd = n.command(serverScript)
	n.cmd.Stdout, n.cmd.Stderr = out, out
	if err := startTied(n.cmd); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- n.cmd.Wait() }()
	for end := time.Now().Add(90 * time.Second); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if b, err := rabbitmq.Connect(n.Config(), slog.New(slog.DiscardHandler)); err == nil {
			return b.Close()
		}
		select {
		case err := <-ended:
			return fmt.Errorf("RabbitMQ ended while it started: %w:\n%s", err, n.output())
		default:
		}
	}
	return errors.New("RabbitMQ did not start:\n" + n.output())
}

func (n *Node) output() string {
	b, _ := os.ReadFile(filepath.Join(n.dir, "output"))
	return string(b[max(0, len(b)-3000):])
}

// Signal ends the node and waits until it is gone.
func (n *Node) Signal(s syscall.Signal) {
	_ = syscall.Kill(n.cmd.Process.Pid, s)
	for syscall.Kill(n.cmd.Process.Pid, 0) == nil {
		time.Sleep(10 * time.Millisecond)
	}
	// What the machine had started for itself.
	_ = syscall.Kill(-n.cmd.Process.Pid, syscall.SIGKILL)
}

// Stop ends the node in peace, for good.
func (n *Node) Stop() {
	n.Signal(syscall.SIGTERM)
	_ = n.epmd.Process.Kill()
	_ = n.epmd.Wait()
}

// Control runs rabbitmqctl on the node.
func (n *Node) Control(args ...string) error {
	cmd := n.command(filepath.Join(filepath.Dir(serverScript), "rabbitmqctl"), args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("rabbitmqctl %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return nil
}
