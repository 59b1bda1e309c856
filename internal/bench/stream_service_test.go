package bench

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"
)

// service is a process that is kept running, as an orchestrator does: what ends
// without being told to is started again.
type service struct {
	name    string
	command func() *exec.Cmd
	launch  func(*exec.Cmd) error
	log     *os.File

	mu     sync.Mutex
	cmd    *exec.Cmd // nil while it is not to run
	ended  chan error
	starts int
	ends   []string // how it ended when nobody had told it to
}

func newService(t testing.TB, name string, command func() *exec.Cmd) *service {
	t.Helper()
	log, err := os.Create(filepath.Join(t.ArtifactDir(), name+".log"))
	if err != nil {
		t.Fatal(err)
	}
	s := &service{name: name, command: command, launch: (*exec.Cmd).Start, log: log}
	t.Cleanup(func() {
		s.kill()
		_ = log.Close()
		if text, err := os.ReadFile(log.Name()); err == nil && t.Failed() {
			t.Logf("%s:\n%s", name, text[max(0, len(text)-3000):])
		}
	})
	return s
}

func (s *service) start() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.begin()
}

// begin needs the lock.
func (s *service) begin() error {
	cmd, ended := s.command(), make(chan error, 1)
	cmd.Stdout, cmd.Stderr = s.log, s.log
	if err := s.launch(cmd); err != nil {
		return fmt.Errorf("start %s: %w", s.name, err)
	}
	s.cmd, s.ended = cmd, ended
	s.starts++
	go s.keep(cmd, ended)
	return nil
}

// keep waits for the end of a process, and starts another if it was not wanted.
func (s *service) keep(cmd *exec.Cmd, ended chan<- error) {
	err := cmd.Wait()
	ended <- err
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd != cmd {
		return
	}
	s.ends = append(s.ends, fmt.Sprint(time.Now().Format(time.TimeOnly), " ", err))
	s.mu.Unlock()
	time.Sleep(500 * time.Millisecond)
	s.mu.Lock()
	if s.cmd == cmd {
		_ = s.begin() // it could be started before
	}
}

// release says that the process need not run any more, and gives it.
func (s *service) release() (cmd *exec.Cmd, ended <-chan error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	cmd, ended = s.cmd, s.ended
	s.cmd = nil
	return cmd, ended
}

// kill ends the process with kill -9.
func (s *service) kill() {
	if cmd, ended := s.release(); cmd != nil {
		_ = cmd.Process.Kill()
		<-ended
	}
}

// stop ends the process in peace, and says if it does not end well.
func (s *service) stop() error {
	cmd, ended := s.release()
	if cmd == nil {
		return nil
	}
	select {
	case <-ended: // by itself, and was about to be started again
		return nil
	default:
	}
	_ = cmd.Process.Signal(syscall.SIGTERM)
	select {
	case err := <-ended:
		if err != nil {
			return fmt.Errorf("%s, told to stop, ended with: %w", s.name, err)
		}
		return nil
	case <-time.After(2 * time.Minute):
		_ = cmd.Process.Signal(syscall.SIGQUIT) // its log then has all stacks
		<-ended
		return fmt.Errorf("%s, told to stop, did not end in 2 minutes", s.name)
	}
}

// signal sends one to the process, if it runs.
func (s *service) signal(which syscall.Signal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cmd != nil {
		_ = s.cmd.Process.Signal(which)
	}
}

// runs says whether the process is to run.
func (s *service) runs() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cmd != nil
}
