package archive_test

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/archive"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// lines reads all of the raw topic.
func (s *shelf) lines() (lines []string) {
	s.t.Helper()
	for _, f := range s.files() {
		if _, err := s.Read(s.t.Context(), f, func(line []byte) error {
			lines = append(lines, string(line))
			return nil
		}); err != nil {
			s.t.Fatal(err)
		}
	}
	return lines
}

// TestRewrite edits some lines of one file of three, and wants all others as they were,
// and an archive that is whole.
func TestRewrite(t *testing.T) {
	s := newShelf(t, 0)
	for n := range uint64(3) {
		s.write(1, n*50, n*50+50, int(n))
	}
	before, was := s.files(), s.lines()
	unchanged := func([]byte) ([]byte, bool) { return nil, false }
	if n, err := s.Rewrite(t.Context(), before[1], unchanged); n != 0 || err != nil {
		t.Errorf("nothing to edit: %d, %v", n, err)
	}
	n, err := s.Rewrite(t.Context(), before[1], func(line []byte) ([]byte, bool) {
		if !bytes.Contains(line, []byte("7\",\"event_type")) {
			return nil, false
		}
		return bytes.Replace(line, []byte("page_view"), []byte("a longer type"), 1), true
	})
	if n != 5 || err != nil {
		t.Fatalf("%d lines, %v", n, err)
	}
	is := s.lines()
	for i, line := range was {
		want := line
		if i >= 50 && i < 100 && i%10 == 7 {
			want = strings.Replace(line, "page_view", "a longer type", 1)
		}
		if is[i] != want {
			t.Errorf("line %d is %s, want %s", i, is[i], want)
		}
	}
	if v, kinds := s.verify(); kinds != nil || v.Events != 150 || v.Files != 3 {
		t.Errorf("%+v, %v", v, kinds)
	}
	one, err := s.Manifest(t.Context(), before[1])
	if err != nil || one.Messages != 50 || one.Events != 50 || !one.Began.Equal(began.Add(time.Hour)) {
		t.Errorf("%+v, %v", one, err)
	}
	if _, err := s.Rewrite(t.Context(), before[0], func([]byte) ([]byte, bool) { return []byte("a\nb"), true }); err == nil {
		t.Error("a line became two")
	}
	if err := os.WriteFile(s.path(before[2]), []byte("no file of ours"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Rewrite(t.Context(), before[2], unchanged); !errors.Is(err, archive.ErrDamaged) {
		t.Errorf("a damaged file: %v", err)
	}
}

// TestRewriteWhileTrimmed rewrites a file that is deleted meanwhile, being too old: it
// must not come back.
func TestRewriteWhileTrimmed(t *testing.T) {
	s := newShelf(t, 24*time.Hour)
	s.write(1, 0, 10, 0)
	s.write(1, 10, 20, 48)
	files := s.files()
	trimmed := false
	n, err := s.Rewrite(t.Context(), files[0], func(line []byte) ([]byte, bool) {
		if !trimmed {
			trimmed = true
			if err := s.Trim(t.Context(), record.TopicRaw, 1, began.Add(50*time.Hour)); err != nil {
				t.Fatal(err)
			}
		}
		return bytes.ToUpper(line), true
	})
	if n != 10 || err != nil {
		t.Fatalf("%d lines, %v", n, err)
	}
	if left := s.files(); len(left) != 1 || left[0].From != 10 {
		t.Errorf("left are %v", left)
	}
	if _, kinds := s.verify(); kinds != nil {
		t.Errorf("%v", kinds)
	}
}
