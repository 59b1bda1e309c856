package archive

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/change"
	"github.com/tiendi/tiendi/internal/stream/record"
)

// FuzzName holds that a name which is taken is the one that would be written, and no
// way out of the archive's folders.
func FuzzName(f *testing.F) {
	f.Add("analytics.raw/date=2026-11-20/hour=13/0003-log-00000000000000000100-00000000000000000149.ndjson.zst")
	f.Add("analytics.raw/date=2026-11-20/hour=24/0003-log-00000000000000000100-00000000000000000149.ndjson.zst")
	f.Add("analytics.raw/date=2026-02-30/hour=00/0003-l-00000000000000000100-18446744073709551615.ndjson.zst")
	f.Add("analytics.cdc/date=2026-11-20/hour=13/0003-a.7-99999999999999999999-00000000000000000149.ndjson.zst")
	f.Add("../date=2026-11-20/hour=13/0003-..-00000000000000000100-00000000000000000149.ndjson.zst")
	f.Fuzz(func(t *testing.T, name string) {
		file, ok := parseName(name)
		if !ok {
			return
		}
		if file.Name() != name || file.To <= file.From || strings.Contains(name, "..") {
			t.Errorf("%q is taken for %+v, which is %q", name, file, file.Name())
		}
	})
}

// FuzzFile has bytes in a file's place: they are that file, or damaged, and nothing else
// happens.
func FuzzFile(f *testing.F) {
	p := NewPart(record.TopicRaw)
	if err := p.Add([]byte(`{"event_id":"1","timestamp":"2026-11-20T13:00:00.000Z"}` + "\n")); err != nil {
		f.Fatal(err)
	}
	span := Span{Topic: record.TopicRaw, Log: "l", To: 1, Began: time.Date(2026, 11, 20, 13, 0, 0, 0, time.UTC)}
	whole, err := p.object(span)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(whole)
	f.Add(whole[:len(whole)-3])
	f.Add(bytes.Replace(whole, []byte(`"bytes":`), []byte(`"bytes":9`), 1))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, body []byte) {
		m, content, err := decode(bytes.NewReader(body), span.file())
		if err != nil && !errors.Is(err, ErrDamaged) {
			t.Errorf("it is %v, which says nothing of damage", err)
		}
		if err == nil && (int64(len(content)) != m.Bytes || m.From != 0 || m.To != 1) {
			t.Errorf("%d bytes are taken for %+v", len(content), m)
		}
	})
}

// FuzzChange holds that a line which is a change is written as the same change again.
func FuzzChange(f *testing.F) {
	c := change.Change{
		Relation: &change.Relation{Schema: "s", Name: "t", Columns: []change.Column{{Name: "a", Type: 23, Key: true}, {Name: "b", Type: 17}}},
		Op:       change.Update, Row: [][]byte{[]byte("1"), {0xff}}, Committed: time.UnixMicro(1).UTC(),
	}
	f.Add(AppendChange(nil, &c))
	f.Add([]byte(`{"table":"t","op":"t"}`))
	f.Fuzz(func(t *testing.T, line []byte) {
		var r Changes
		c, err := r.Read(line)
		if err != nil || c.Committed.Year() < 0 || c.Committed.Year() > 9999 {
			return
		}
		again := AppendChange(nil, &c)
		d, err := r.Read(again)
		if err != nil || !bytes.Equal(again, AppendChange(nil, &d)) {
			t.Errorf("%q becomes %q, %v", line, again, err)
		}
	})
}

// TestDatePrefixes holds that each date from one to another begins with one of the
// prefixes, in order, and no other date does.
func TestDatePrefixes(t *testing.T) {
	day := func(text string) time.Time {
		at, err := time.Parse(time.DateOnly, text)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct{ from, to string }{
		{"2026-11-20", "2026-11-21"}, {"2026-11-28", ""}, {"2025-12-31", "2026-01-02"}, {"2019-02-10", "2026-10-01"}, {"2026-01-01", ""}, {"2026-10-09", "2026-10-11"},
	} {
		var to time.Time
		if c.to != "" {
			to = day(c.to)
		}
		prefixes, at := datePrefixes(day(c.from), to), 0
		for d := day("2018-01-01"); d.Year() < 2040; d = d.AddDate(0, 0, 1) {
			text := d.Format(time.DateOnly)
			found := -1
			for i, prefix := range prefixes {
				if strings.HasPrefix(text, prefix) {
					found = i
				}
			}
			inside := text >= c.from && (c.to == "" || text < c.to)
			// Behind the end there may be some that the same prefix has.
			if inside && found < at || !inside && found >= 0 && text < c.from {
				t.Fatalf("%s of %v: %s is in %d of %q", text, c, text, found, prefixes)
			}
			if inside {
				at = found
			}
		}
	}
}
