package bench

import (
	"strings"
	"syscall"
	"time"

	"github.com/tiendi/tiendi/internal/broker/brokertest"
)

// network is what a process reaches a server through.
func (r *rig) network(s *service, server string) *brokertest.Proxy { return r.networks[s.name][server] }

// disturb ill-treats the network between a process and a server.
func (r *rig) disturb(s *service, f fault) error {
	p := r.network(s, f.server)
	return r.alone("network of "+s.name, func() error {
		switch {
		case strings.HasSuffix(f.kind, "cut"):
			p.Shut(true)
			p.Cut()
			defer p.Shut(false)
		case strings.HasSuffix(f.kind, "mute"):
			p.Mute(true)
			defer p.Mute(false)
		default:
			p.Slow(300 * time.Millisecond)
			defer p.Slow(0)
		}
		time.Sleep(f.long)
		return nil
	})
}

// killUnanswered kills a process whose server has got what it sent, and whose answers are
// kept back. Of RabbitMQ it dies between append and confirmation; of PostgreSQL between
// what its sinks wrote and the checkpoint, or the end of the transaction.
func (r *rig) killUnanswered(s *service, f fault) error {
	p := r.network(s, f.server)
	return r.alone("network of "+s.name, func() error {
		p.Mute(true)
		defer p.Mute(false)
		time.Sleep(f.long)
		return r.kill(s)
	})
}

// pause makes an owner that does not know that its claims have ended.
func (r *rig) pause(s *service, long time.Duration) error {
	return r.alone(s.name, func() error {
		s.signal(syscall.SIGSTOP)
		time.Sleep(long)
		s.signal(syscall.SIGCONT)
		return nil
	})
}

// stepClock sets a process's clock another way for a while.
func (r *rig) stepClock(s *service, f fault) error {
	return r.alone(s.name, func() error {
		pid := s.pid()
		if pid == 0 {
			return nil
		}
		back, err := stepClock(pid, f.step)
		if err != nil {
			return err
		}
		time.Sleep(f.long)
		return back()
	})
}
