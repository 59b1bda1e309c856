package local

import (
	"os"
	"slices"
	"time"
)

// The supervisor's state, each change of it under the lock.

// held counts what keeps the services: leases and the pin. The lock is held.
func (s *supervisor) held() int {
	n := len(s.leases)
	if s.pinned {
		n++
	}
	return n
}

func (s *supervisor) unused() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.held() == 0 && time.Since(s.lastUse) >= s.spec.Idle
}

func (s *supervisor) touch() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastUse = time.Now()
}

// leaveIf begins to stop if the condition, seen under the lock, holds. No lease
// can slip in between: those that come later are told to start another supervisor.
func (s *supervisor) leaveIf(condition func() bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.stopping && !condition() {
		return false
	}
	s.stopping = true
	s.stop()
	return true
}

// addLease returns false when the supervisor is stopping or about to.
func (s *supervisor) addLease(r request) (id int, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopping {
		return 0, false
	}
	s.lastID++
	s.leases[s.lastID] = LeaseStatus{PID: r.PID, Command: r.Command, Since: time.Now().UTC()}
	return s.lastID, true
}

func (s *supervisor) dropLease(id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.leases, id)
	s.lastUse = time.Now()
}

func (s *supervisor) pin(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pinned = on
	s.lastUse = time.Now()
}

func (s *supervisor) setReady(name string, ready bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ready[name] = ready
	s.announce()
}

// fail lets those who wait know why, then stops.
func (s *supervisor) fail(err error) {
	s.mu.Lock()
	s.failure = err
	s.announce()
	s.mu.Unlock()
	s.leaveIf(func() bool { return true })
}

func (s *supervisor) failed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.failure
}

// announce wakes everyone who waits in awaitReady. The lock is held.
func (s *supervisor) announce() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// readiness tells whether every service is ready or one failed, and what to wait
// for otherwise.
func (s *supervisor) readiness() (changed <-chan struct{}, ready bool, failure error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	ready = true
	for _, svc := range s.all {
		ready = ready && s.ready[svc.Name()]
	}
	return s.changed, ready, s.failure
}

func (s *supervisor) snapshot() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := Status{
		Running: true, StateDir: s.spec.StateDir, PID: os.Getpid(), Version: s.spec.Version,
		Started: s.started.UTC(), Pinned: s.pinned, Idle: s.spec.Idle, Leases: []LeaseStatus{},
	}
	for _, l := range s.leases {
		st.Leases = append(st.Leases, l)
	}
	slices.SortFunc(st.Leases, func(a, b LeaseStatus) int { return a.Since.Compare(b.Since) })
	return st
}
