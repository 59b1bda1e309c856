package backfill

import (
	"os"
	"path/filepath"
	"testing"
)

// TestRoom has folders of a killed backfill and of one that is at work.
func TestRoom(t *testing.T) {
	in := t.TempDir()
	dead := filepath.Join(in, "archive-1")
	if err := os.MkdirAll(filepath.Join(dead, "more"), 0o755); err != nil {
		t.Fatal(err)
	}
	alive, leave, err := makeRoom(in)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(dead); !os.IsNotExist(err) {
		t.Errorf("what was left behind is there: %v", err)
	}
	other, leaveOther, err := makeRoom(in)
	if err != nil || other == alive {
		t.Fatalf("got %s and %s: %v", alive, other, err)
	}
	if _, err := os.Stat(alive); err != nil {
		t.Errorf("the folder of one at work: %v", err)
	}
	leave()
	leaveOther()
	if left, err := os.ReadDir(in); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
	if _, _, err := makeRoom(filepath.Join(in, "missing")); err == nil {
		t.Error("there is room in a folder that is not there")
	}
}
