package bench

import (
	"errors"
	"strings"
	"time"
)

// suffer does a fault, and has made it good when it returns. Faults of one process
// or server wait for each other; those of several come at once.
func (r *rig) suffer(f fault) error {
	switch kind := f.kind; {
	case strings.HasPrefix(kind, "collector"):
		return r.trouble(r.collectors[f.victim%len(r.collectors)], f)
	case strings.HasPrefix(kind, "worker "), strings.HasPrefix(kind, "worker's"):
		return r.trouble(r.worker(f.victim), f)
	case kind == "workers scaled":
		return r.scale(f.long)
	case strings.HasPrefix(kind, "RabbitMQ"):
		return r.alone("rabbitmq", func() error { return r.loseRabbitMQ(f) })
	case kind == "PostgreSQL away":
		return r.alone("postgres", func() error {
			r.postgres.Kill()
			time.Sleep(f.long)
			return r.postgres.Start()
		})
	case kind == "engine killed":
		return r.alone("engine", r.killEngine)
	case kind == "engine's disk full":
		return r.alone("engine", func() error { return r.fillEngineDisk(f.long) })
	}
	return r.alone("redis", func() error { return r.loseRedis(f) })
}

// trouble is a fault of one process.
func (r *rig) trouble(s *service, f fault) error {
	_, what, _ := strings.Cut(f.kind, " ")
	switch what {
	case "killed":
		return r.kill(s)
	case "killed unanswered":
		return r.killUnanswered(s, f)
	case "stopped":
		return r.pause(s, f.long)
	case "clock stepped":
		return r.stepClock(s, f)
	case "disk full":
		return r.fillSpool(s, f.long)
	}
	return r.disturb(s, f)
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

// scale has one worker, then three, then two, and then all again: those that are not to
// run are stopped in peace.
func (r *rig) scale(long time.Duration) error {
	for _, n := range []int{1, 3, 2} {
		if err := r.scaleTo(n); err != nil {
			return err
		}
		time.Sleep(long / 3)
	}
	return r.scaleTo(rigWorkers)
}

func (r *rig) scaleTo(n int) error {
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
