package brokertest

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/broker"
)

// ownerRole makes the test binary a process that owns a partition.
const ownerRole = "owner-under-test"

// Main is for TestMain: it lets the test binary be an owner that is killed or
// stopped. handled is false if it is to run tests.
func Main(connect Connect) (code int, handled bool) {
	if len(os.Args) != 4 || os.Args[1] != ownerRole {
		return 0, false
	}
	fmt.Println("error", ownerProcess(connect, os.Args[2], os.Args[3]))
	return 1, true
}

// ownerProcess appends numbers, a batch of three at a time, and names each batch
// once it is confirmed. It ends with an error, after trying once more what it must
// not.
func ownerProcess(connect Connect, addr, topic string) error {
	c, err := connect(addr)
	if err != nil {
		return err
	}
	ctx := context.Background()
	o, err := broker.Claim(ctx, c, topic, 0)
	if err != nil {
		return err
	}
	for n := 0; ; n++ {
		if err := o.Append(ctx, payloads(numbered(3*n, 3*n+3)...)...); err != nil {
			again := o.Append(ctx, payloads("after an error")...)
			return fmt.Errorf("%w; fenced %v", err, errors.Is(again, broker.ErrFenced))
		}
		fmt.Println("confirmed", 3*n+3)
	}
}

// ownerOf is a running owner process.
type ownerOf struct {
	*exec.Cmd
	out *bufio.Scanner
}

func startOwner(t testing.TB, addr, topic string) *ownerOf {
	t.Helper()
	p := &ownerOf{Cmd: exec.Command(os.Args[0], ownerRole, addr, topic)}
	p.Stderr = os.Stderr
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.out = bufio.NewScanner(out)
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Process.Kill(); _ = p.Wait() })
	return p
}

// confirmed waits until so many batches are, and returns the last line.
func (p *ownerOf) confirmed(t testing.TB, atLeast int) (n int) {
	t.Helper()
	for n < atLeast {
		if !p.out.Scan() {
			t.Fatal("the owner ended")
		}
		if _, err := fmt.Sscanf(p.out.Text(), "confirmed %d", &n); err != nil {
			t.Fatalf("the owner says %q", p.out.Text())
		}
	}
	return n
}

// rest reads what the owner says to its end.
func (p *ownerOf) rest() (confirmed int, last string) {
	for p.out.Scan() {
		last = p.out.Text()
		var n int
		if _, err := fmt.Sscanf(last, "confirmed %d", &n); err == nil {
			confirmed = n
		}
	}
	return confirmed, last
}

// wantPrefix wants "batch 0", "batch 1" and so on, at least so many.
func wantPrefix(t testing.TB, got []string, atLeast int) {
	t.Helper()
	for n, body := range got {
		if body != fmt.Sprintf("batch %d", n) {
			t.Fatalf("batch %d is %q", n, body)
		}
	}
	if len(got) < atLeast {
		t.Errorf("%d batches stored, %d were confirmed", len(got), atLeast)
	}
}

func testKilledOwner(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 1, broker.Retention{})
	p := startOwner(t, s.Addr, topic.Name)
	p.confirmed(t, 300)
	_ = p.Process.Kill()
	confirmed, _ := p.rest()
	began := time.Now()
	o := claim(t, c, topic.Name)
	t.Logf("succeeded after %v", time.Since(began).Round(time.Millisecond))
	wantPrefix(t, readBack(t, c, topic.Name, o), max(confirmed, 300))
}

// testPausedOwner stops an owner in the middle of its work. Another one succeeds,
// and the first wakes up and goes on: nothing of that may be read.
func testPausedOwner(t *testing.T, s Subject) {
	c := s.connect(t, s.Addr)
	topic := s.topic(t, c, 1, broker.Retention{})
	p := startOwner(t, s.Addr, topic.Name)
	confirmed := p.confirmed(t, 300)
	if err := p.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	o := claim(t, c, topic.Name)
	t.Logf("succeeded after %v", time.Since(began).Round(time.Millisecond))
	own(t, o, "the successor's")
	before := readBack(t, c, topic.Name, o)
	wantPrefix(t, before, confirmed)
	if err := p.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	if _, last := p.rest(); !strings.HasSuffix(last, "fenced true") {
		t.Errorf("the owner that woke up says %q", last)
	}
	own(t, o, "another one")
	_ = o.Close()
	after := readBack(t, c, topic.Name, claim(t, c, topic.Name))
	if len(after) != len(before)+2 || after[len(after)-1] != "another one" {
		t.Errorf("%d batches before it woke up, then %q", len(before), after[min(len(before), len(after)):])
	}
}
