package bench

import (
	"errors"
	"fmt"
	"syscall"
	"time"
)

// suffer does a fault, and has made it good when it returns. Faults of one process
// or server wait for each other; those of several come at once.
func (r *rig) suffer(f fault) error {
	switch f.kind {
	case "worker killed":
		return r.kill(r.worker(f.victim))
	case "collector killed":
		return r.kill(r.collectors[f.victim%len(r.collectors)])
	case "worker stopped":
		return r.pause(r.worker(f.victim), f.long)
	case "workers scaled":
		return r.scale(f.scale)
	case "RabbitMQ away":
		return r.alone("rabbitmq", func() error {
			r.rabbitmq.Signal(syscall.SIGKILL)
			time.Sleep(f.long / 2) // it takes long enough to start
			return r.rabbitmq.Start()
		})
	case "PostgreSQL away":
		return r.alone("postgres", func() error {
			r.postgres.Kill()
			time.Sleep(f.long)
			return r.postgres.Start()
		})
	case "engine killed":
		return r.alone("engine", r.killEngine)
	case "engine's disk full":
		return r.alone("engine", func() error { return r.fillEngineDisk(f.long) })
	case "collector's disk full":
		return r.fillSpool(r.collectors[f.victim%len(r.collectors)], f.long)
	case "network cut", "network mute", "network slow":
		return r.disturb(f)
	}
	return r.alone("redis", func() error { return r.loseRedis(f) })
}

// alone does something to a process or server that no other fault is at.
func (r *rig) alone(name string, f func() error) error {
	busy := r.busy[name]
	busy.Lock()
	defer busy.Unlock()
	return f()
}

// worker is the one of that number, or the next that runs.
func (r *rig) worker(n int) *service {
	for i := range r.workers {
		if w := r.workers[(n+i)%len(r.workers)]; w.runs() {
			return w
		}
	}
	return r.workers[0]
}

// kill is kill -9, and a start at once.
func (r *rig) kill(s *service) error {
	return r.alone(s.name, func() error {
		if !s.runs() {
			return nil
		}
		s.kill()
		return s.start()
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

// scale lets so many workers run, and stops the others in peace.
func (r *rig) scale(n int) error {
	var all []error
	for i, w := range r.workers {
		all = append(all, r.alone(w.name, func() error {
			switch {
			case i >= n:
				return w.stop()
			case !w.runs():
				return w.start()
			}
			return nil
		}))
	}
	return errors.Join(all...)
}

// disturb ill-treats the network between one worker and one server.
func (r *rig) disturb(f fault) error {
	p := r.networks[f.victim][f.server]
	return r.alone(fmt.Sprint("network", f.victim), func() error {
		switch f.kind {
		case "network cut":
			p.Shut(true)
			p.Cut()
			defer p.Shut(false)
		case "network mute":
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
