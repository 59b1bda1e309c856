package archive_test

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/archive"
	"github.com/tiendi/tiendi/internal/change"
)

func someChange(r *rand.Rand, relations []*change.Relation) change.Change {
	c := change.Change{
		Relation: relations[r.IntN(len(relations))], Op: change.Op("riudt"[r.IntN(5)]),
		Version:   change.Version{LSN: r.Uint64(), Sequence: r.Uint64N(1 << 40)},
		Committed: time.UnixMicro(r.Int64N(1 << 51)).UTC(),
	}
	if c.Op == change.Truncate {
		return c
	}
	for range c.Relation.Columns {
		c.Row = append(c.Row, [][]byte{nil, {}, []byte("text"), []byte("a \"quoted\"\nline\t\\ ñ \u2028 \x01"), {0xff, 0xfe, 'a'}, []byte("null"), []byte("-1.50")}[r.IntN(7)])
	}
	return c
}

// TestChangesComeBack holds that a change read back is the change that came, and that
// relations of one shape are one.
func TestChangesComeBack(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	relations := []*change.Relation{
		{Schema: "public", Name: "orders", Columns: []change.Column{{Name: "id", Type: 2950, Key: true}, {Name: "Weird \"name\"", Type: 25}, {Name: "total", Type: 1700}}},
		{Schema: "shop", Name: "items", Columns: []change.Column{{Name: "a", Type: 23, Key: true}, {Name: "b", Type: 4294967295, Key: true}}},
		{Schema: "shop", Name: "empty"},
	}
	s := newShelf(t, 0)
	p := archive.NewPart(change.Topic)
	var want []change.Change
	for range 200 {
		var e change.Encoder
		for range 1 + r.IntN(5) {
			c := someChange(r, relations)
			want = append(want, c)
			e.Add(&c)
		}
		if err := p.Add(e.Body()); err != nil {
			t.Fatal(err)
		}
	}
	if err := p.Add(change.EndMark("run")); err != nil || p.Events() != len(want) {
		t.Fatalf("%d lines for %d changes, %v", p.Events(), len(want), err)
	}
	if err := s.Write(t.Context(), archive.Span{Topic: change.Topic, Log: log, To: 200, Began: began}, p); err != nil {
		t.Fatal(err)
	}
	var read archive.Changes
	seen, n := map[string]*change.Relation{}, 0
	for f, err := range s.List(t.Context(), change.Topic, time.Time{}, time.Time{}) {
		if err != nil {
			t.Fatal(err)
		}
		_, err = s.Read(t.Context(), f, func(line []byte) error {
			c, err := read.Read(line)
			if err != nil {
				return err
			}
			if known := seen[c.Relation.Name]; known != nil && known != c.Relation {
				t.Errorf("%s is another relation", c.Relation.Name)
			}
			seen[c.Relation.Name] = c.Relation
			if !same(c, want[n]) {
				t.Errorf("change %d is %+v, want %+v", n, c, want[n])
			}
			n++
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if n != len(want) {
		t.Errorf("%d changes come back of %d", n, len(want))
	}
}

func same(a, b change.Change) bool {
	if a.Relation.Schema != b.Relation.Schema || a.Relation.Name != b.Relation.Name || len(a.Row) != len(b.Row) || len(a.Relation.Columns) != len(b.Relation.Columns) {
		return false
	}
	for i, column := range a.Relation.Columns {
		if column != b.Relation.Columns[i] {
			return false
		}
	}
	for i := range a.Row {
		if !reflect.DeepEqual(a.Row[i], b.Row[i]) {
			return false
		}
	}
	return a.Op == b.Op && a.Version == b.Version && a.Committed.Equal(b.Committed)
}

func TestNoChange(t *testing.T) {
	if err := archive.NewPart(change.Topic).Add([]byte("not a change")); err == nil {
		t.Error("what is no message of changes is taken")
	}
	whole := `{"schema":"s","table":"t","op":"i","lsn":1,"sequence":1,"committed":"2026-11-20T13:00:00.000000Z","key":["a"],"columns":["a","b"],"types":[1,2],"row":{"a":"1","b":null}}`
	var read archive.Changes
	if _, err := read.Read([]byte(whole)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, to string }{
		{whole, ""}, {whole, "null"}, {`"op":"i"`, `"op":"x"`}, {`"op":"i"`, `"op":""`}, {`[1,2]`, `[1]`}, {`,"b":null`, ""},
		{`,"b":null`, `,"c":null`}, {`"1"`, `1`}, {`"1"`, `{}`}, {`"1"`, `{"base64":"!"}`}, {`"lsn":1`, `"lsn":-1`}, {`"a":"1"`, `"a":"1","x":"2"`},
		{`"columns":["a","b"]`, `"columns":["a","a"]`},
	} {
		if _, err := read.Read([]byte(strings.Replace(whole, c.from, c.to, 1))); err == nil {
			t.Errorf("%s for %s is taken", c.to, c.from)
		}
	}
}
