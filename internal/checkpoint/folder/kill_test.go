package folder_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/chaos"
	"github.com/tiendi/tiendi/internal/checkpoint"
	"github.com/tiendi/tiendi/internal/checkpoint/folder"
)

// writerFolder makes this binary a writer of the folder, to be killed.
const writerFolder = "TIENDI_TEST_CHECKPOINT_FOLDER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(writerFolder); dir != "" {
		fmt.Fprintln(os.Stderr, keepSaving(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// numbered are data that nothing but number n has.
func numbered(n uint64) []byte {
	return bytes.Repeat(binary.BigEndian.AppendUint64(nil, n), 1<<12+int(n%7))
}

// keepSaving saves one number after the other, every third under a new epoch, and
// says of each when it is saved.
func keepSaving(dir string) error {
	f, err := folder.Open(dir, time.Minute)
	if err != nil {
		return err
	}
	c, _, err := checkpoint.LoadBytes(context.Background(), f, "k")
	if err != nil && !errors.Is(err, checkpoint.ErrNone) {
		return err
	}
	for n := uint64(c.Version) + 1; ; n++ {
		if err := checkpoint.SaveBytes(context.Background(), f, "k", checkpoint.Checkpoint{Epoch: n / 3, Version: int(n)}, numbered(n)); err != nil {
			return err
		}
		fmt.Println(n)
	}
}

// TestKill kills a writer at random moments. What is there afterwards is the last
// checkpoint that it said was saved, or the one after that.
func TestKill(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "stream")
	f := open(t, dir, time.Minute)
	var last uint64
	for round := range chaos.Rounds(t, 15) {
		said := max(last, lifeAndDeath(t, dir))
		c, data, err := checkpoint.LoadBytes(t.Context(), f, "k")
		if errors.Is(err, checkpoint.ErrNone) && said == 0 {
			continue
		}
		last = uint64(c.Version)
		if err != nil || last < said || last > said+1 || c.Epoch != last/3 || !bytes.Equal(data, numbered(last)) {
			t.Fatalf("round %d: %d was saved, and there is %d of epoch %d with %d bytes: %v", round, said, last, c.Epoch, len(data), err)
		}
	}
	if last == 0 {
		t.Fatal("nothing was saved")
	}
	if err := checkpoint.SaveBytes(t.Context(), f, "k", checkpoint.Checkpoint{Epoch: last}, []byte("at peace")); err != nil {
		t.Fatal(err)
	}
	if left := files(t, dir); len(left) != 1 {
		t.Errorf("after a save %q are left", left)
	}
}

// lifeAndDeath is a writer's. It returns the last number that it said was saved.
func lifeAndDeath(t *testing.T, dir string) (said uint64) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), writerFolder+"="+dir)
	var complaint strings.Builder
	cmd.Stderr = &complaint
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// Sometimes within its first steps.
	time.AfterFunc(time.Duration(rand.Int64N(int64(200*time.Millisecond))), func() { _ = cmd.Process.Kill() })
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if _, err := fmt.Sscan(lines.Text(), &said); err != nil {
			t.Error(err)
		}
	}
	if err := cmd.Wait(); err == nil || complaint.Len() > 0 {
		t.Fatalf("the writer ended by itself: %v, %s", err, complaint.String())
	}
	return said
}
