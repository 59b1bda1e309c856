package folder

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/tiendi/tiendi/internal/checkpoint"
)

const memberFile = ".json"

// Beat implements checkpoint.Members. The members share this machine's clock.
func (f *Folder) Beat(ctx context.Context, me checkpoint.Member) ([]checkpoint.Member, error) {
	me.Started, me.Beat = me.Started.UTC().Truncate(time.Microsecond), time.Now().UTC()
	err := ctx.Err()
	if err == nil {
		err = f.writeMember(me)
	}
	if err != nil {
		return nil, fmt.Errorf("beat of member %q: %w", me.ID, err)
	}
	return f.Alive(ctx)
}

// Alive implements checkpoint.Members.
func (f *Folder) Alive(ctx context.Context) ([]checkpoint.Member, error) {
	list, err := names(f.members)
	if err = errors.Join(ctx.Err(), err); err != nil {
		return nil, fmt.Errorf("members: %w", err)
	}
	var alive []checkpoint.Member
	now := time.Now()
	for _, name := range list {
		m, at, err := readMember(filepath.Join(f.members, name))
		if silent := now.Sub(at); err == nil && silent <= f.ttl {
			alive = append(alive, m)
		} else if !errors.Is(err, fs.ErrNotExist) && silent > checkpoint.Forget {
			_ = os.Remove(filepath.Join(f.members, name)) // or the next one does
		}
	}
	slices.SortFunc(alive, func(a, b checkpoint.Member) int { return strings.Compare(a.ID, b.ID) })
	return alive, nil
}

// writeMember needs no sync: after the machine has died no member is alive.
func (f *Folder) writeMember(m checkpoint.Member) error {
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	temp, err := os.CreateTemp(f.members, "*"+partial)
	if err != nil {
		return err
	}
	_, err = temp.Write(text)
	if err = errors.Join(err, temp.Close()); err == nil {
		err = os.Rename(temp.Name(), f.memberPath(m.ID))
	}
	if err != nil {
		_ = os.Remove(temp.Name())
	}
	return err
}

func (f *Folder) memberPath(id string) string {
	return filepath.Join(f.members, fileName(id)+memberFile)
}

// readMember gives a member and when its file was written. What is no whole member
// is an error.
func readMember(file string) (m checkpoint.Member, at time.Time, err error) {
	info, err := os.Stat(file)
	if err != nil {
		return m, at, err
	}
	if !strings.HasSuffix(file, memberFile) {
		return m, info.ModTime(), errors.New("no member")
	}
	text, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(text, &m)
	}
	return m, info.ModTime(), err
}

// Leave implements checkpoint.Members.
func (f *Folder) Leave(ctx context.Context, id string) error {
	err := ctx.Err()
	if err == nil {
		err = os.Remove(f.memberPath(id))
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("member %q leaves: %w", id, err)
	}
	return nil
}
