package generate

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestEarlierGenerationIsReplaced(t *testing.T) {
	o := small(t)
	o.Events, o.Compression = 2000, Gzip
	run(t, o)
	o.Compression = Plain
	run(t, o)
	packed, err := filepath.Glob(filepath.Join(o.Out, "events", "*.gz"))
	if err != nil || len(packed) > 0 {
		t.Errorf("files of the earlier generation are left: %v, %v", packed, err)
	}
	onlyEntry(t, filepath.Dir(o.Out), filepath.Base(o.Out))
}

// onlyEntry fails where dir holds anything but the one name.
func onlyEntry(t *testing.T, dir, name string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != name {
			t.Errorf("%s is left in %s", e.Name(), dir)
		}
	}
}

func TestOtherPeoplesFilesAreRefused(t *testing.T) {
	o := small(t)
	o.Events = 2000
	mine := filepath.Join(o.Out, "thesis.txt")
	write := func() {
		if err := os.MkdirAll(o.Out, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(mine, []byte("years of work"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	refused := func(want string) {
		t.Helper()
		_, err := Run(context.Background(), o)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
		if _, err := os.Stat(mine); err != nil {
			t.Fatal(err)
		}
	}
	write()
	refused("is not empty and holds no generation of tiendi: name another folder")
	if err := os.RemoveAll(o.Out); err != nil {
		t.Fatal(err)
	}
	run(t, o)
	write()
	refused("holds thesis.txt, which tiendi did not make")
}

func TestFilesThatAppearMeanwhileAreKept(t *testing.T) {
	o := small(t)
	mine := filepath.Join(o.Out, "thesis.txt")
	o.Progress = func(done, total int, _ string) {
		if done < total {
			return
		}
		if err := os.MkdirAll(o.Out, 0o755); err != nil {
			t.Error(err)
		}
		if err := os.WriteFile(mine, nil, 0o644); err != nil {
			t.Error(err)
		}
	}
	if _, err := Run(context.Background(), o); err == nil || !strings.Contains(err.Error(), "is not empty") {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(mine); err != nil {
		t.Error(err)
	}
	onlyEntry(t, filepath.Dir(o.Out), filepath.Base(o.Out))
}

func TestFailureLeavesNothing(t *testing.T) {
	o := small(t)
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	o.Progress = func(done, total int, _ string) {
		if done > total/2 {
			cancel()
		}
	}
	if _, err := Run(ctx, o); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want context.Canceled", err)
	}
	onlyEntry(t, filepath.Dir(o.Out), "")
}

func TestTwoAtOnceAreRefused(t *testing.T) {
	o := small(t)
	shop, err := openWorkshop(o.Out)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Run(context.Background(), o); err == nil || !strings.Contains(err.Error(), "another tiendi generate") {
		t.Errorf("got %v", err)
	}
	shop.close()
	run(t, o)
}

const victimVariable = "GENERATE_VICTIM_OUT"

// TestMain is the tests' process, or the one that killHalfWay kills: that one
// stops in the middle of its work, having said so.
func TestMain(m *testing.M) {
	if out := os.Getenv(victimVariable); out != "" {
		beVictim(out)
		return
	}
	os.Exit(m.Run())
}

func beVictim(out string) {
	o := smallIn(out)
	o.Progress = func(done, total int, _ string) {
		if done > total/2 {
			fmt.Println("half way")
			time.Sleep(time.Minute)
			os.Exit(1) // nobody killed it
		}
	}
	if _, err := Run(context.Background(), o); err != nil {
		fmt.Println(err)
	}
}

func TestKilledLeavesTheEarlierGenerationOrNothing(t *testing.T) {
	for _, earlier := range []bool{false, true} {
		o := small(t)
		before := ""
		if earlier {
			other := o
			other.Seed++
			run(t, other)
			before = treeHash(t, o.Out)
		}
		killHalfWay(t, o.Out)
		if half, err := os.ReadDir(sibling(o.Out, "generating")); err != nil || len(half) == 0 {
			t.Fatalf("the victim had written nothing: %v", err)
		}
		if _, err := os.Stat(o.Out); earlier != (err == nil) {
			t.Fatalf("an earlier generation: %v; after the kill: %v", earlier, err)
		}
		if earlier && treeHash(t, o.Out) != before {
			t.Error("the earlier generation has changed")
		}
		run(t, o)
		if got := treeHash(t, o.Out); got != goldenHash {
			t.Errorf("the run after the kill gave %s", got)
		}
		onlyEntry(t, filepath.Dir(o.Out), filepath.Base(o.Out))
	}
}

func killHalfWay(t *testing.T, out string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	victim := exec.CommandContext(ctx, os.Args[0])
	victim.Env = append(os.Environ(), victimVariable+"="+out)
	stdout, err := victim.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(stdout).ReadString('\n'); line != "half way\n" {
		t.Errorf("the victim said %q, %v", line, err)
	}
	if err := victim.Process.Kill(); err != nil {
		t.Error(err)
	}
	victim.Wait() // its error is the signal that we sent
}
