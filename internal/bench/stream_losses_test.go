package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/local"
)

// loseRabbitMQ kills RabbitMQ, or has it believe that its disk is nearly full: it then
// takes nothing from anybody.
func (r *rig) loseRabbitMQ(f fault) error {
	if f.kind == "RabbitMQ away" {
		r.rabbitmq.Signal(syscall.SIGKILL)
		time.Sleep(f.long)
		return r.rabbitmq.Start()
	}
	err := r.rabbitmq.Control("set_disk_free_limit", "1000000GB")
	time.Sleep(f.long)
	return errors.Join(err, r.rabbitmq.Control("set_disk_free_limit", "50MB"))
}

// killEngine ends ClickHouse. The supervisor starts it again at its address, but
// gives up on one that never lives a minute, so it is let live.
func (r *rig) killEngine() error {
	pid, err := r.enginePID()
	if err != nil {
		return err
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		return err
	}
	time.Sleep(70 * time.Second)
	return nil
}

// enginePID waits for an engine: another fault may just have ended it, and it is started
// again by the next who needs it.
func (r *rig) enginePID() (int, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for {
		status, err := local.ReadStatus(ctx, r.engine.localOptions())
		if err == nil && len(status.Services) > 0 {
			return status.Services[0].PID, nil
		}
		select {
		case <-time.After(100 * time.Millisecond):
		case <-ctx.Done():
			return 0, fmt.Errorf("no engine has been running for a minute; its status: %v", err)
		}
	}
}

// fillEngineDisk has ClickHouse's writes fail for a while.
func (r *rig) fillEngineDisk(long time.Duration) error {
	pid, err := r.enginePID()
	if err != nil {
		return err
	}
	free, err := fillDisk(pid)
	if err != nil {
		return err
	}
	time.Sleep(long)
	return free()
}

// fillSpool has a collector write to its disk, which is full, since RabbitMQ is away.
func (r *rig) fillSpool(c *service, long time.Duration) error {
	return r.alone(c.name, func() error {
		return r.alone("rabbitmq", func() error {
			pid := c.pid()
			if pid == 0 {
				return nil
			}
			free, err := fillDisk(pid)
			if err != nil {
				return err
			}
			r.rabbitmq.Signal(syscall.SIGKILL)
			time.Sleep(long)
			return errors.Join(r.rabbitmq.Start(), free())
		})
	})
}

// loseRedis makes Redis lose what it has, or what it had since a while ago.
func (r *rig) loseRedis(f fault) error {
	client := goredis.NewClient(&goredis.Options{Addr: r.redis.Addr})
	defer func() { _ = client.Close() }()
	ctx := context.Background()
	switch f.kind {
	case "Redis flushed":
		return client.FlushAll(ctx).Err()
	case "Redis restored": // as it was before it worked on
		if err := client.Save(ctx).Err(); err != nil {
			return err
		}
		time.Sleep(f.long)
		r.redis.Kill()
		return r.redis.Start()
	}
	err := client.Save(ctx).Err()
	r.redis.Kill()
	if f.victim == 0 { // and its disk with it
		err = errors.Join(err, os.Remove(r.redis.Dump))
	}
	time.Sleep(f.long)
	return errors.Join(err, r.redis.Start())
}
