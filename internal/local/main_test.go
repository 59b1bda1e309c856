package local_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/local"
	"github.com/tiendi/tiendi/internal/local/localtest"
	"github.com/tiendi/tiendi/internal/warehouse"
)

// commandRole makes the test binary a command that holds a lease until it is
// killed or its input ends, as any subcommand of tiendi does.
const commandRole = "command-under-test"

func TestMain(m *testing.M) {
	if len(os.Args) > 2 && os.Args[1] == commandRole {
		if err := command(os.Args[2]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	localtest.Main(m)
}

// command acquires, says how to reach the engine, and inserts numbers one by one,
// naming each once it is stored.
func command(options string) error {
	var o local.Options
	if err := json.Unmarshal([]byte(options), &o); err != nil {
		return err
	}
	ctx := context.Background()
	l, err := local.Acquire(ctx, o)
	if err != nil {
		return err
	}
	defer l.Release()
	c, err := warehouse.Open(ctx, l.Warehouse())
	if err != nil {
		return err
	}
	fmt.Println("ready")
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if _, err := c.Exec(ctx, lines.Text()); err != nil {
			return err
		}
		fmt.Println(lines.Text())
	}
	return c.Close()
}

// process is a running command.
type process struct {
	*exec.Cmd
	in  func(sql string)
	out *bufio.Scanner
}

func startCommand(t *testing.T, o local.Options) *process {
	t.Helper()
	b, err := json.Marshal(struct {
		StateDir, MemoryLimit, Version string
		Idle                           time.Duration
	}{o.StateDir, o.MemoryLimit, o.Version, o.Idle})
	if err != nil {
		t.Fatal(err)
	}
	p := &process{Cmd: exec.Command(os.Args[0], commandRole, string(b))}
	p.Stderr = os.Stderr
	in, err := p.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.in = func(sql string) { _, _ = fmt.Fprintln(in, sql) }
	p.out = bufio.NewScanner(out)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Process.Kill(); _ = p.Wait() })
	return p
}

// ready waits for the command's lease.
func (p *process) ready(t *testing.T) {
	t.Helper()
	if !p.out.Scan() || p.out.Text() != "ready" {
		t.Fatalf("the command did not get ready: %q %v", p.out.Text(), p.out.Err())
	}
}
