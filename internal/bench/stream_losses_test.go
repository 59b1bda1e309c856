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

// killEngine ends ClickHouse. The supervisor starts it again at its address, but
// gives up on one that never lives a minute, so it is let live.
func (r *rig) killEngine() error {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	status, err := local.ReadStatus(ctx, r.engine.localOptions())
	if err != nil || len(status.Services) == 0 {
		return fmt.Errorf("no engine to kill: %w", err)
	}
	if err := syscall.Kill(status.Services[0].PID, syscall.SIGKILL); err != nil {
		return err
	}
	time.Sleep(70 * time.Second)
	return nil
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
