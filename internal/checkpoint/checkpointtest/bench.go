package checkpointtest

import (
	"fmt"
	"io"
	"testing"

	"github.com/tiendi/tiendi/internal/checkpoint"
)

func discard(_ checkpoint.Checkpoint, data io.Reader) error {
	_, err := io.Copy(io.Discard, data)
	return err
}

// Bench measures saving and loading of small and large checkpoints.
func Bench(b *testing.B, s Subject) {
	for _, size := range []int{1 << 10, 1 << 20, 200 << 20} {
		one, _ := s.Open(b, long)
		c, data := counted(1, 1, size)
		b.Run(fmt.Sprintf("save/bytes=%d", size), func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				save(b, one, "k", c, data)
			}
		})
		b.Run(fmt.Sprintf("load/bytes=%d", size), func(b *testing.B) {
			b.SetBytes(int64(size))
			b.ReportAllocs()
			for b.Loop() {
				if err := one.Load(b.Context(), "k", discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
