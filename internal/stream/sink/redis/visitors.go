package redis

import (
	"context"
	"crypto/sha1"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	goredis "github.com/redis/go-redis/v9"

	"github.com/tiendi/tiendi/internal/stream/record"
	"github.com/tiendi/tiendi/internal/stream/sketch"
)

// Redis takes a tenth of a millisecond to merge two sketches, which is more than all
// else of a figure. So what is there is read, merged here, and put in its place if it
// is still what was read; otherwise Redis merges after all. Both give the same, since
// a merge only ever adds.

// unread is in place of the hash of nothing, 40 characters like any other.
var unread = strings.Repeat("0", 2*sha1.Size)

// mergeVisitors has the figures bring what the visitors' keys are to become: the hash
// of what they were, in hexadecimal, and the whole sketch.
func (t *Target) mergeVisitors(ctx context.Context, g *gathered) error {
	var with []*figure
	for i := range g.figures {
		if g.figures[i].visitors != nil {
			with = append(with, &g.figures[i])
		}
	}
	for len(with) > 0 {
		n := min(len(with), pieceItems)
		if err := t.mergeSome(ctx, with[:n]); err != nil {
			return err
		}
		with = with[n:]
	}
	return nil
}

func (t *Target) mergeSome(ctx context.Context, figures []*figure) error {
	held := make([]*goredis.StringCmd, len(figures))
	_, err := t.client.Pipelined(ctx, func(p goredis.Pipeliner) error {
		for i, f := range figures {
			key, err := visitorsKey(t.zone, &f.Window)
			if err != nil {
				return err
			}
			held[i] = p.Get(ctx, key)
		}
		return nil
	})
	if err != nil && !errors.Is(err, goredis.Nil) && !refused(err) {
		return err
	}
	for i, f := range figures {
		before, _ := held[i].Bytes() // another kind of key is what the script complains of
		if f.visitors, err = merged(before, f.visitors); err != nil {
			return err
		}
	}
	return nil
}

// refused says whether a command failed, rather than the connection.
func refused(err error) bool {
	var answer goredis.Error
	return errors.As(err, &answer)
}

// merged is a sketch with what was there before, behind the hash of that.
func merged(before, sent []byte) ([]byte, error) {
	s, err := sketch.Parse(sent)
	if err != nil {
		return nil, fmt.Errorf("%w: visitors: %w", record.ErrFormat, err)
	}
	if len(before) == 0 {
		return append([]byte(unread), sent...), nil
	}
	all, err := sketch.Parse(before)
	if err != nil {
		return append([]byte(unread), sent...), nil // PFMERGE will say so
	}
	all.Merge(s)
	sum := sha1.Sum(before)
	return all.AppendRedis(hex.AppendEncode(nil, sum[:])), nil
}

func visitorsKey(zone *time.Location, w *record.Window) (string, error) {
	kind, member, err := place(w)
	if err != nil {
		return "", err
	}
	u := unit{w.Grain, w.Start}
	key := u.key(u.name(zone)) + ":" + w.StoreID.String()
	if kind != "" {
		key += ":" + kind + ":" + member
	}
	return key + ":visitors", nil
}
