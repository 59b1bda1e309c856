package change_test

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"github.com/tiendi/tiendi/internal/change"
)

func batch(random *rand.Rand) *change.Batch {
	relations := []*change.Relation{
		{Schema: "public", Name: "orders", Columns: []change.Column{{Name: "id", Type: 2950, Key: true}, {Name: "note", Type: 25}}},
		{Schema: "shop", Name: "stock", Columns: []change.Column{{Name: "sku", Type: 25, Key: true}, {Name: "place", Type: 23, Key: true}, {Name: "n", Type: 20}}},
	}
	b := &change.Batch{}
	for range random.IntN(20) {
		c := change.Change{
			Relation: relations[random.IntN(2)], Op: change.Op("riudt"[random.IntN(5)]),
			Version:   change.Version{LSN: random.Uint64(), Sequence: random.Uint64()},
			Committed: time.UnixMicro(random.Int64N(4e15)).UTC(),
		}
		for range c.Relation.Columns {
			value := []byte("ñandú, 1.50\x01"[:random.IntN(10)])
			if random.IntN(4) == 0 {
				value = nil
			}
			c.Row = append(c.Row, value)
		}
		if c.Op == change.Truncate {
			c.Row = nil
		}
		b.Changes = append(b.Changes, c)
	}
	return b
}

func encode(b *change.Batch) []byte {
	var e change.Encoder
	for i := range b.Changes {
		e.Add(&b.Changes[i])
	}
	if e.Len() == 0 {
		return change.EndMark(b.Run)
	}
	return e.Body()
}

func TestWhatIsEncodedIsDecoded(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		want := batch(random)
		got, err := change.Decode(encode(want))
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("got %+v, want %+v", got, want)
		}
	}
}

func TestAnEncoderIsUsedAgain(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	var e change.Encoder
	for range 10 {
		b := batch(random)
		for i := range b.Changes {
			e.Add(&b.Changes[i])
		}
		if e.Len() > 0 && !bytes.Equal(e.Body(), encode(b)) {
			t.Fatal("a second batch is written in another way than a first one")
		}
	}
}

func TestEndMark(t *testing.T) {
	b, err := change.Decode(change.EndMark("tonight"))
	if err != nil || b.Run != "tonight" || len(b.Changes) != 0 {
		t.Errorf("%+v, %v", b, err)
	}
}

func TestVersionsOrder(t *testing.T) {
	first := change.Version{LSN: 7, Sequence: 1<<64 - 1}.Int()
	second := change.Version{LSN: 8}.Int()
	if first.Cmp(second) >= 0 || second.String() != "147573952589676412928" {
		t.Errorf("%v is not before %v", first, second)
	}
}

// TestPartitions holds numbers: what is in a log must be found there for ever.
func TestPartitions(t *testing.T) {
	for _, c := range []struct {
		table string
		key   []string
		want  int
	}{
		{"orders", []string{"a", "b"}, 800},
		{"orders", []string{"ab", ""}, 823},
		{"products", []string{"a", "b"}, 470},
	} {
		var key [][]byte
		for _, value := range c.key {
			key = append(key, []byte(value))
		}
		if got := change.Partition(c.table, key, 1000); got != c.want {
			t.Errorf("%s %q is in partition %d, want %d", c.table, c.key, got, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 5 {
		f.Add(encode(batch(random)))
	}
	f.Add(change.EndMark("run"))
	f.Fuzz(func(t *testing.T, body []byte) {
		b, err := change.Decode(body)
		if err != nil {
			if !errors.Is(err, change.ErrFormat) {
				t.Fatal(err)
			}
			return
		}
		again, err := change.Decode(encode(b))
		if err != nil || !reflect.DeepEqual(again, b) {
			t.Fatalf("%+v became %+v (%v)", b, again, err)
		}
	})
}
