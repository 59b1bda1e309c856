package folder_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/tiendi/tiendi/internal/checkpoint"
)

// TestEveryByteCounts changes each byte of a file, and cuts it at each.
func TestEveryByteCounts(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "stream")
	f := open(t, dir, time.Minute)
	if err := checkpoint.SaveBytes(t.Context(), f, "a key", checkpoint.Checkpoint{Epoch: 3}, []byte("some\ndata")); err != nil {
		t.Fatal(err)
	}
	file := files(t, dir)[0]
	good, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	check := func(what string, at int) {
		if _, _, err := checkpoint.LoadBytes(t.Context(), f, "a key"); !errors.Is(err, checkpoint.ErrDamaged) || !strings.Contains(err.Error(), file) {
			t.Errorf("%s at %d: %v", what, at, err)
		}
	}
	for at := range good {
		flip(t, file, at)
		check("changed", at)
		if err := os.WriteFile(file, good[:at], 0o600); err != nil {
			t.Fatal(err)
		}
		check("cut", at)
		if err := os.WriteFile(file, good, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// A file in the place of another.
	if err := os.Rename(file, file[:len(file)-1]+"4"); err != nil {
		t.Fatal(err)
	}
	file = files(t, dir)[0]
	check("of another epoch", 4)
}

// TestRubbish wants what killed writers and earlier owners left removed, and what
// others are writing left alone.
func TestRubbish(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "stream")
	f := open(t, dir, time.Minute)
	save := func(epoch uint64) {
		if err := checkpoint.SaveBytes(t.Context(), f, "k", checkpoint.Checkpoint{Epoch: epoch}, nil); err != nil {
			t.Fatal(err)
		}
	}
	save(1)
	place := filepath.Dir(files(t, dir)[0])
	create := func(name string) *os.File {
		file, err := os.Create(filepath.Join(place, name))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = file.Close() })
		return file
	}
	create("dead.partial")
	create("0000000000000000") // of an owner that woke up too late
	alive := create("alive.partial")
	if err := unix.Flock(int(alive.Fd()), unix.LOCK_EX); err != nil {
		t.Fatal(err)
	}
	save(2)
	if got := files(t, dir); len(got) != 2 || filepath.Base(got[0]) != "0000000000000002" || got[1] != alive.Name() {
		t.Errorf("left are %q", got)
	}
}

// TestForgottenMembers wants files of members that are long gone removed.
func TestForgottenMembers(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "stream")
	f := open(t, dir, time.Minute)
	for _, name := range []string{"old.json", "torn.json", "left.partial", "new.json"} {
		file := filepath.Join(dir, "members", name)
		if err := os.WriteFile(file, []byte(`{"ID":"`+name), 0o600); err != nil {
			t.Fatal(err)
		}
		if at := time.Now().Add(-2 * checkpoint.Forget); name != "new.json" {
			if err := os.Chtimes(file, at, at); err != nil {
				t.Fatal(err)
			}
		}
	}
	if list, err := f.Beat(t.Context(), checkpoint.Member{ID: "me"}); err != nil || len(list) != 1 {
		t.Errorf("%v, %v", list, err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "members", "*"))
	if err != nil || len(left) != 2 {
		t.Errorf("left are %q, %v", left, err)
	}
}
