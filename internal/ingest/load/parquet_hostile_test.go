package load

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/encoding"
)

func TestBrokenPagesAreNotRead(t *testing.T) {
	text := func(data string, offsets ...uint32) *values {
		return newValues(encoding.ByteArrayValues([]byte(data), offsets), false)
	}
	for name, v := range map[string]*values{
		"beyond the end": text("abc", 0, 2, 4),
		"backwards":      text("abc", 0, 3, 1),
	} {
		if err := v.prepare(&leaf{}); !errors.Is(err, errOffsets) {
			t.Errorf("%s: %v", name, err)
		}
	}
	rows := make([]int32, 3)
	for name, c := range map[string]struct {
		part part
		want error
	}{
		"no such place":  {part{rows: 3, values: text("ab", 0, 1, 2), places: []int32{0, 1, 2}}, errPlace},
		"negative place": {part{rows: 3, values: text("ab", 0, 1, 2), places: []int32{0, -1, 1}}, errPlace},
		"too few":        {part{rows: 3, values: text("ab", 0, 1, 2), levels: []byte{1, 1, 1}, present: 1}, errFew},
		"enough":         {part{rows: 3, values: text("ab", 0, 1, 2), levels: []byte{1, 0, 1}, present: 1}, nil},
	} {
		if err := c.part.spread(rows); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

func TestTextsAreCheckedOneByOne(t *testing.T) {
	v := newValues(encoding.ByteArrayValues([]byte("aé"), []uint32{0, 2, 3}), false)
	if err := v.prepare(&leaf{}); err != nil || v.utf8 {
		t.Errorf("half a character each counts as two texts: %v", err)
	}
}

// TestLongTextsOfADictionary has rows of a megabyte each in a file of one.
func TestLongTextsOfADictionary(t *testing.T) {
	const rows, long = 40, 1 << 20
	f := &file{table: productsTable(), rows: rows, group: parquet.Group{}, styles: map[string]style{}}
	few := map[string][]sample{}
	rng := rand.New(rand.NewPCG(1, 1))
	for _, c := range f.table.Columns {
		f.styles[c.Path] = styles(c)[0]
		f.group[c.Path] = parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
		few[c.Path] = []sample{f.make(rng, c.Path, false), {}}
	}
	few["name"][0] = textValue(strings.Repeat("x", long))
	for range rows {
		f.add(rand.New(rand.NewPCG(7, 7)), few)
	}
	path := filepath.Join(t.TempDir(), "products.parquet")
	if err := os.WriteFile(path, f.parquet(t, rng), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := loadParquet(t, path, f.table, 1)
	if err != nil || len(got.rows) != rows {
		t.Fatalf("%d rows, %v", len(got.rows), err)
	}
	if got.largest > maxBlockBytes+2*long {
		t.Errorf("a block has %d bytes", got.largest)
	}
}

// FuzzParquet wants damaged files refused, and nothing worse.
func FuzzParquet(f *testing.F) {
	for seed := range uint64(14) {
		rng := rand.New(rand.NewPCG(seed, 2))
		tables := Tables()
		some := randomFile(rng, tables[seed%uint64(len(tables))])
		some.stored = some.stored[:min(len(some.stored), 20)]
		f.Add(some.parquet(f, rng), byte(seed))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte, n byte) {
		if len(data) > 1<<16 || !bytes.HasPrefix(data, []byte("PAR1")) {
			return
		}
		path := filepath.Join(dir, "fuzz.parquet")
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		tables := Tables()
		var damaged *readError
		_, err := loadParquet(t, path, tables[int(n)%len(tables)], 1)
		if err != nil && !errors.As(err, &damaged) && !strings.Contains(err.Error(), " in the file") && !strings.Contains(err.Error(), "is a list") && !strings.Contains(err.Error(), "is not a whole Parquet file") {
			t.Errorf("%v", err)
		}
	})
}
