package generate

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkRun makes a million events. Beside it, BenchmarkPlainWrite writes
// files of the same sizes and nothing else: what the disk allows.
func BenchmarkRun(b *testing.B) {
	for _, how := range []Compression{Plain, Zstd, Gzip} {
		b.Run(string(how), func(b *testing.B) {
			lines, bytes := int64(0), int64(0)
			for b.Loop() {
				l := benchmarkRun(b, how)
				lines += l.Events.Lines
				for _, f := range l.Files {
					bytes += f.Bytes
				}
			}
			b.SetBytes(bytes / int64(b.N))
			b.ReportMetric(float64(lines)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

func BenchmarkPlainWrite(b *testing.B) {
	l := benchmarkRun(b, Plain)
	chunk := make([]byte, fileBuffer)
	lines, bytes := int64(0), int64(0)
	for b.Loop() {
		dir := b.TempDir()
		for i, info := range l.Files {
			f, err := os.Create(filepath.Join(dir, fmt.Sprint(i)))
			if err != nil {
				b.Fatal(err)
			}
			for left := info.Bytes; left > 0; left -= int64(len(chunk)) {
				if _, err := f.Write(chunk[:min(left, int64(len(chunk)))]); err != nil {
					b.Fatal(err)
				}
			}
			if err := f.Close(); err != nil {
				b.Fatal(err)
			}
			bytes += info.Bytes
		}
		lines += l.Events.Lines
	}
	b.SetBytes(bytes / int64(b.N))
	b.ReportMetric(float64(lines)/b.Elapsed().Seconds(), "events/s")
}

func benchmarkRun(b *testing.B, how Compression) *Ledger {
	b.Helper()
	to := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	l, err := Run(context.Background(), Options{
		Out: filepath.Join(b.TempDir(), "data"), Seed: 1, From: to.AddDate(0, 0, -DefaultDays), To: to,
		Events: 900_000, ProbeInterval: DefaultProbeInterval, Compression: how,
	})
	if err != nil {
		b.Fatal(err)
	}
	return l
}
