package rabbitmq_test

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// serverScript is where Debian's package has it. The one on PATH changes the user.
const serverScript = "/usr/lib/rabbitmq/bin/rabbitmq-server"

// node is a RabbitMQ of the tests' own: data, ports, cookie and name mapper (epmd)
// are nobody else's, and all of it ends with the tests.
type node struct {
	dir  string
	env  []string
	addr string
	epmd *exec.Cmd
	cmd  *exec.Cmd
}

func newNode(dir string) (*node, error) {
	if _, err := os.Stat(serverScript); err != nil {
		return nil, fmt.Errorf("these tests need a real RabbitMQ: run \"make services\" (%w)", err)
	}
	ports, err := freePorts(3)
	if err != nil {
		return nil, err
	}
	amqp, dist, epmd := ports[0], ports[1], ports[2]
	n := &node{dir: dir, addr: "127.0.0.1:" + amqp}
	n.env = append(os.Environ(),
		"HOME="+dir, "ERL_EPMD_PORT="+epmd, "ERL_EPMD_ADDRESS=127.0.0.1",
		"RABBITMQ_NODENAME=tiendi-test-"+amqp+"@localhost", "RABBITMQ_NODE_IP_ADDRESS=127.0.0.1",
		"RABBITMQ_NODE_PORT="+amqp, "RABBITMQ_DIST_PORT="+dist,
		"RABBITMQ_MNESIA_BASE="+filepath.Join(dir, "data"), "RABBITMQ_LOG_BASE="+filepath.Join(dir, "log"),
		"RABBITMQ_ENABLED_PLUGINS_FILE="+filepath.Join(dir, "plugins"), "RABBITMQ_CONF_ENV_FILE=/dev/null",
		"RABBITMQ_CONFIG_FILE="+filepath.Join(dir, "rabbitmq"),
		// Spinning schedulers would take the other tests' processors.
		"RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=+sbwt none +sbwtdcpu none +sbwtdio none",
	)
	if err := os.WriteFile(filepath.Join(dir, "rabbitmq.conf"), []byte("disk_free_limit.absolute = 50MB\n"), 0o600); err != nil {
		return nil, err
	}
	n.epmd = n.command("epmd", "-port", epmd, "-address", "127.0.0.1")
	return n, startTied(n.epmd)
}

// startTied starts a command that ends with this process, even if that is killed.
// The kernel ties it to the thread, which therefore has to stay.
func startTied(cmd *exec.Cmd) error {
	cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		started <- cmd.Start()
		select {}
	}()
	return <-started
}

func (n *node) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Env, cmd.Dir = n.env, n.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

func freePorts(n int) ([]string, error) {
	var ports []string
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, err
		}
		defer func() { _ = l.Close() }()
		_, port, err := net.SplitHostPort(l.Addr().String())
		if err != nil {
			return nil, err
		}
		ports = append(ports, port)
	}
	return ports, nil
}

// start returns when the node takes connections.
func (n *node) start() error {
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
		if c, err := connect(n.addr); err == nil {
			return c.Close()
		}
		select {
		case err := <-ended:
			return fmt.Errorf("RabbitMQ ended while it started: %w:\n%s", err, n.output())
		default:
		}
	}
	return errors.New("RabbitMQ did not start:\n" + n.output())
}

func (n *node) output() string {
	b, _ := os.ReadFile(filepath.Join(n.dir, "output"))
	return string(b[max(0, len(b)-3000):])
}

// signal ends the node and waits until it is gone.
func (n *node) signal(s syscall.Signal) {
	_ = syscall.Kill(n.cmd.Process.Pid, s)
	for syscall.Kill(n.cmd.Process.Pid, 0) == nil {
		time.Sleep(10 * time.Millisecond)
	}
	// What the machine had started for itself.
	_ = syscall.Kill(-n.cmd.Process.Pid, syscall.SIGKILL)
}

func (n *node) stop() {
	n.signal(syscall.SIGTERM)
	_ = n.epmd.Process.Kill()
	_ = n.epmd.Wait()
}

// control runs rabbitmqctl on the node.
func (n *node) control(args ...string) error {
	cmd := n.command(filepath.Join(filepath.Dir(serverScript), "rabbitmqctl"), args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("rabbitmqctl %s: %w: %s", strings.Join(args, " "), err, out)
	}
	return nil
}
