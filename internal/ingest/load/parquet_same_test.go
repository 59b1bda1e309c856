package load

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/parquet-go/parquet-go"
)

// TestParquetIsReadAsJSONIs writes the same random rows as NDJSON and as Parquet,
// in all types, encodings and page formats, and wants the same of both.
func TestParquetIsReadAsJSONIs(t *testing.T) {
	for seed := range uint64(42) {
		rng := rand.New(rand.NewPCG(seed, 1))
		tables := Tables()
		f := randomFile(rng, tables[seed%uint64(len(tables))])
		t.Run(fmt.Sprintf("%d %s", seed, f.table.File), func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "rows.parquet")
			if err := os.WriteFile(path, f.parquet(t, rng), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := loadParquet(t, path, f.table, 1+rng.IntN(3))
			if err != nil {
				t.Fatalf("%s: %v", f.about, err)
			}
			want := loadJSON(t, f.json.String(), f.table)
			if a, b := got.told(), want.told(); !slices.Equal(a, b) {
				t.Errorf("%s\nrejected %s", f.about, difference(a, b))
			}
			if len(got.rows)+len(got.rejects) != f.rows {
				t.Errorf("%d kept and %d rejected of %d rows", len(got.rows), len(got.rejects), f.rows)
			}
			for at, row := range want.rows {
				if !slices.Equal(got.rows[at], row) {
					t.Fatalf("%s\nrow %d is %q\nwant      %q", f.about, at, got.rows[at], row)
				}
			}
		})
	}
}

// difference is the first one of two lists.
func difference(got, want []string) string {
	for i := range max(len(got), len(want)) {
		a, b := append(got, "")[min(i, len(got))], append(want, "")[min(i, len(want))]
		if a != b {
			return fmt.Sprintf("%q, want %q", a, b)
		}
	}
	return ""
}

// parquet writes f's rows, in groups and pages that are cut anywhere.
func (f *file) parquet(t testing.TB, rng *rand.Rand) []byte {
	t.Helper()
	codecs := []parquet.WriterOption{parquet.Compression(&parquet.Uncompressed), parquet.Compression(&parquet.Snappy), parquet.Compression(&parquet.Zstd)}
	var out bytes.Buffer
	w := parquet.NewWriter(&out, f.schema(), codecs[rng.IntN(len(codecs))],
		parquet.PageBufferSize(1<<(8+rng.IntN(8))), parquet.DataPageVersion(1+rng.IntN(2)), parquet.MaxRowsPerRowGroup(1+rng.Int64N(4000)))
	if _, err := w.WriteRows(f.stored); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
