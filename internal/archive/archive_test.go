package archive_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/archive"
	"github.com/tiendi/tiendi/internal/blob/folder"
	"github.com/tiendi/tiendi/internal/stream/record"
)

const log = "0b9d4a52-6f0e-4b1c-9d7e-3a7a5f1c2d3e"

var began = time.Date(2026, 11, 20, 13, 5, 0, 0, time.UTC)

// shelf is an archive in a folder of the test's.
type shelf struct {
	*archive.Archive
	t   *testing.T
	dir string
}

func newShelf(t *testing.T, keep time.Duration) *shelf {
	dir := t.TempDir()
	return &shelf{Archive: archive.New(folder.New(dir), "shop/", keep), t: t, dir: dir}
}

func event(n int) string {
	return fmt.Sprintf(`{"event_id":"%08d","event_type":"page_view","timestamp":"%s","context":{"ip":"192.0.2.0"},"properties":{}}`,
		n, began.Add(time.Duration(n)*time.Second).Format("2006-01-02T15:04:05.000Z"))
}

// write makes a file of the raw topic with a message at each of its offsets.
func (s *shelf) write(partition int, from, to uint64, hour int) archive.Span {
	s.t.Helper()
	p := archive.NewPart(record.TopicRaw)
	for n := from; n < to; n++ {
		if err := p.Add([]byte(event(int(n)) + "\n")); err != nil {
			s.t.Fatal(err)
		}
	}
	span := archive.Span{Topic: record.TopicRaw, Partition: partition, Log: log, From: from, To: to, Began: began.Add(time.Duration(hour) * time.Hour)}
	if err := s.Write(s.t.Context(), span, p); err != nil {
		s.t.Fatal(err)
	}
	return span
}

func (s *shelf) files() (files []archive.File) {
	s.t.Helper()
	for f, err := range s.List(s.t.Context(), record.TopicRaw, time.Time{}, time.Time{}) {
		if err != nil {
			s.t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

func (s *shelf) path(f archive.File) string {
	return filepath.Join(s.dir, "shop", filepath.FromSlash(f.Name()))
}

// verify gives the kinds of what is wrong.
func (s *shelf) verify() (v archive.Verified, kinds []string) {
	s.t.Helper()
	v, err := s.Verify(s.t.Context(), archive.Topics(), time.Time{}, time.Time{}, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, p := range v.Problems {
		kinds = append(kinds, p.Kind)
		if p.Object == "" || p.Detail == "" {
			s.t.Errorf("a problem without a name: %v", p)
		}
	}
	return v, kinds
}

func TestFileComesBack(t *testing.T) {
	s := newShelf(t, 0)
	s.write(3, 100, 150, 0)
	s.write(3, 150, 151, 1)
	files := s.files()
	want := "analytics.raw/date=2026-11-20/hour=13/0003-" + log + "-00000000000000000100-00000000000000000149.ndjson.zst"
	if len(files) != 2 || files[0].Name() != want {
		t.Fatalf("got %v, want the first to be %s", files, want)
	}
	var lines []string
	m, err := s.Read(t.Context(), files[0], func(line []byte) error {
		lines = append(lines, string(line))
		return nil
	})
	if err != nil || len(lines) != 50 || lines[0] != event(100) || lines[49] != event(149) {
		t.Errorf("%d lines, %v", len(lines), err)
	}
	short, err := s.Manifest(t.Context(), files[0])
	if err != nil || short != m || m.Events != 50 || m.Messages != 50 || !m.First.Equal(began.Add(100*time.Second)) || !m.Last.Equal(began.Add(149*time.Second)) {
		t.Errorf("manifest: %+v and %+v, %v", m, short, err)
	}
	if v, kinds := s.verify(); len(kinds) > 0 || v.Files != 2 || v.Events != 51 {
		t.Errorf("verified: %+v", v)
	}
}

// TestWrittenAgain has a file written a second time, as a successor does.
func TestWrittenAgain(t *testing.T) {
	s := newShelf(t, 0)
	span := s.write(0, 0, 10, 0)
	before, err := os.ReadFile(s.path(s.files()[0]))
	if err != nil {
		t.Fatal(err)
	}
	s.write(0, 0, 10, 0)
	after, err := os.ReadFile(s.path(s.files()[0]))
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file is another one: %v", err)
	}
	if end, err := s.End(t.Context(), span.Topic, 0, log); err != nil || end != 10 {
		t.Errorf("it ends at %d, %v", end, err)
	}
	if end, err := s.End(t.Context(), span.Topic, 0, "another"); err != nil || end != 0 {
		t.Errorf("another log ends at %d, %v", end, err)
	}
	// Without the extent, the names of the files say it.
	if err := os.Remove(filepath.Join(s.dir, "shop", span.Topic, "partition=0000.json")); err != nil {
		t.Fatal(err)
	}
	if end, err := s.End(t.Context(), span.Topic, 0, log); err != nil || end != 10 {
		t.Errorf("by its names it ends at %d, %v", end, err)
	}
}

// TestWrong has something happen to an archive of three files in a row and one of
// another partition, and wants it named.
func TestWrong(t *testing.T) {
	change := func(path string, f func([]byte) []byte) error {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		return os.WriteFile(path, f(text), 0o600)
	}
	for name, c := range map[string]struct {
		do   func(*shelf, []archive.File) error
		want []string
		in   string
	}{
		"flipped": {func(s *shelf, f []archive.File) error {
			return change(s.path(f[1]), func(b []byte) []byte { b[len(b)-20] ^= 1; return b })
		}, []string{archive.Damaged}, "20-00000000000000000029"},
		"cut": {func(s *shelf, f []archive.File) error {
			return change(s.path(f[1]), func(b []byte) []byte { return b[:len(b)-1] })
		}, []string{archive.Damaged}, ""},
		"empty": {func(s *shelf, f []archive.File) error {
			return change(s.path(f[1]), func([]byte) []byte { return nil })
		}, []string{archive.Damaged}, "cut off"},
		"manifest": {func(s *shelf, f []archive.File) error {
			return change(s.path(f[1]), func(b []byte) []byte { return bytes.Replace(b, []byte(`"events":10`), []byte(`"events":11`), 1) })
		}, []string{archive.Damaged}, "manifest"},
		"middle missing": {func(s *shelf, f []archive.File) error { return os.Remove(s.path(f[1])) },
			[]string{archive.Missing}, "offsets 20 to 29"},
		"first missing": {func(s *shelf, f []archive.File) error { return os.Remove(s.path(f[0])) },
			[]string{archive.Missing}, "offsets 10 to 19"},
		"last missing": {func(s *shelf, f []archive.File) error { return os.Remove(s.path(f[2])) },
			[]string{archive.Missing}, "offsets 30 to 39"},
		"partition missing": {func(s *shelf, f []archive.File) error { return os.Remove(s.path(f[3])) },
			[]string{archive.Missing}, "offsets 0 to 9 of analytics.raw/1"},
		"extent missing": {func(s *shelf, _ []archive.File) error {
			return os.Remove(filepath.Join(s.dir, "shop", record.TopicRaw, "partition=0001.json"))
		}, []string{archive.Missing}, "partition=0001.json"},
		"extent damaged": {func(s *shelf, _ []archive.File) error {
			return os.WriteFile(filepath.Join(s.dir, "shop", record.TopicRaw, "partition=0001.json"), []byte("{"), 0o600)
		}, []string{archive.Damaged}, "partition=0001.json"},
		"doubled": {func(s *shelf, f []archive.File) error {
			text, err := os.ReadFile(s.path(f[1]))
			if err != nil {
				return err
			}
			copied := f[1]
			copied.Hour = copied.Hour.Add(time.Hour)
			if err := os.MkdirAll(filepath.Dir(s.path(copied)), 0o750); err != nil {
				return err
			}
			return os.WriteFile(s.path(copied), text, 0o600)
		}, []string{archive.Doubled, archive.Damaged}, "the same offsets"},
		"overlapping": {func(s *shelf, _ []archive.File) error { s.write(0, 15, 25, 0); return nil },
			[]string{archive.Overlapping, archive.Overlapping}, "offsets 15 to 19"},
		"renamed": {func(s *shelf, f []archive.File) error {
			renamed := f[3]
			renamed.Partition = 2
			return os.Rename(s.path(f[3]), s.path(renamed))
		}, []string{archive.Missing, archive.Missing, archive.Damaged}, "renamed"},
		"foreign": {func(s *shelf, f []archive.File) error {
			return os.WriteFile(filepath.Join(filepath.Dir(s.path(f[0])), "notes.txt"), nil, 0o600)
		}, []string{archive.Foreign}, "notes.txt"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newShelf(t, 0)
			s.write(0, 10, 20, 0)
			s.write(0, 20, 30, 0)
			s.write(0, 30, 40, 0)
			s.write(1, 0, 10, 0)
			if err := c.do(s, s.files()); err != nil {
				t.Fatal(err)
			}
			v, kinds := s.verify()
			slices.Sort(kinds)
			slices.Sort(c.want)
			if !slices.Equal(kinds, c.want) || !strings.Contains(fmt.Sprint(v.Problems), c.in) {
				t.Errorf("got %v\nwant %q, and in it %s", v.Problems, c.want, c.in)
			}
		})
	}
}

// TestHolding finds events by their own time, and refuses an archive with a gap.
func TestHolding(t *testing.T) {
	s := newShelf(t, 0)
	s.write(0, 0, 60, 0)
	s.write(0, 60, 120, 1) // came an hour late
	s.write(0, 120, 180, 2)
	at := func(n int) time.Time { return began.Add(time.Duration(n) * time.Second) }
	for _, c := range []struct{ from, to, first, files int }{{0, 180, 0, 3}, {59, 61, 0, 2}, {60, 61, 60, 1}, {100, 130, 60, 2}, {180, 900, 0, 0}} {
		held, err := s.Holding(t.Context(), record.TopicRaw, at(c.from), at(c.to))
		if err != nil || len(held) != c.files || c.files > 0 && held[0].From != uint64(c.first) {
			t.Errorf("%d to %d: %v, %v", c.from, c.to, held, err)
		}
	}
	if err := os.Remove(s.path(s.files()[1])); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Holding(t.Context(), record.TopicRaw, at(0), at(10)); !errors.Is(err, archive.ErrIncomplete) {
		t.Errorf("with a gap: %v", err)
	}
}

// TestMissingEnds has the first or the last file gone: whoever asks for its time is told, and
// others are not.
func TestMissingEnds(t *testing.T) {
	for _, c := range []struct {
		what       string
		gone       int
		from       time.Duration // after the first file's hour
		to         time.Duration // 0 for no end
		incomplete bool
	}{
		{"the first", 0, 0, 0, true},
		{"the first, and hours after the one behind it", 0, 2 * time.Hour, 0, false},
		{"one in the middle, and hours after it", 1, 3 * time.Hour, 0, false},
		{"the last", 2, 0, 0, true},
		{"the last, and hours before it", 2, 0, 2 * time.Hour, false},
	} {
		s := newShelf(t, 0)
		for n := range 3 {
			s.write(0, uint64(10*n), uint64(10*n+10), n)
		}
		if err := os.Remove(s.path(s.files()[c.gone])); err != nil {
			t.Fatal(err)
		}
		hour, to := began.Truncate(time.Hour), time.Time{}
		if c.to > 0 {
			to = hour.Add(c.to)
		}
		if _, err := s.Files(t.Context(), record.TopicRaw, hour.Add(c.from), to); errors.Is(err, archive.ErrIncomplete) != c.incomplete {
			t.Errorf("%s: %v", c.what, err)
		}
	}
}

func TestTrim(t *testing.T) {
	s := newShelf(t, 24*time.Hour)
	for n := range 5 {
		s.write(0, uint64(10*n), uint64(10*n+10), n)
		s.write(1, uint64(10*n), uint64(10*n+10), n)
	}
	// Two hours have ended more than a day ago.
	now := began.Truncate(time.Hour).Add(26*time.Hour + time.Minute)
	for range 2 {
		if err := s.Trim(t.Context(), record.TopicRaw, 0, now); err != nil {
			t.Fatal(err)
		}
		files, err := s.Files(t.Context(), record.TopicRaw, time.Time{}, time.Time{})
		if err != nil {
			t.Fatal(err)
		}
		if len(files) != 8 || files[0].From != 20 || files[3].From != 0 {
			t.Errorf("left are %v", files)
		}
		if v, kinds := s.verify(); len(kinds) > 0 {
			t.Errorf("then: %v", v.Problems)
		}
	}
	// When all of it is gone, it is still known where to go on.
	if err := s.Trim(t.Context(), record.TopicRaw, 0, now.Add(1000*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if end, err := s.End(t.Context(), record.TopicRaw, 0, log); err != nil || end != 50 {
		t.Errorf("it ends at %d, %v", end, err)
	}
	if v, kinds := s.verify(); len(kinds) > 0 || v.Files != 5 {
		t.Errorf("then: %+v", v)
	}
}

// TestRawAsItCame keeps lines to the byte, but for what they must not hold.
func TestRawAsItCame(t *testing.T) {
	s := newShelf(t, 0)
	p := archive.NewPart(record.TopicRaw)
	for _, c := range []struct{ in, want string }{
		{event(1) + "\n", event(1)},
		{"not json at all", "not json at all"},
		{"\n\n" + `{"a":"` + "\xff" + `"}` + "\r\n", `{"a":"` + "\xff" + `"}`},
		{record.EndPrefix + `run"}` + "\n", ""},
		{`{"context":{"ip":"203.0.113.77"}}`, `{"context":{"ip":"203.0.113.0"}}`},
		{`{"context":{"ip" : "2001:db8:1:2:3::4"},"x":{"ip":"198.51.100.9"}}`, `{"context":{"ip" : "2001:db8:1::"},"x":{"ip":"198.51.100.0"}}`},
		{`{"ip":"office","zip":"12345","ip":7}`, `{"ip":"office","zip":"12345","ip":7}`},
	} {
		if err := p.Add([]byte(c.in)); err != nil {
			t.Fatal(err)
		}
		want := 0
		if c.want != "" {
			want = 1
		}
		span := archive.Span{Topic: record.TopicRaw, Log: log, To: 1, Began: began}
		if err := s.Write(t.Context(), span, p); err != nil {
			t.Fatal(err)
		}
		var got []string
		if _, err := s.Read(t.Context(), s.files()[0], func(line []byte) error { got = append(got, string(line)); return nil }); err != nil {
			t.Fatal(err)
		}
		if len(got) != want || want == 1 && got[0] != c.want {
			t.Errorf("%q is kept as %q, want %q", c.in, got, c.want)
		}
		p = archive.NewPart(record.TopicRaw)
	}
}
