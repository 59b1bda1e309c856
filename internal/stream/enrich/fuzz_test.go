package enrich

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"testing"
	"time"
)

// FuzzRestore gives contents whose checksum fits: what is no snapshot is refused, and
// what is taken for one can be worked with.
func FuzzRestore(f *testing.F) {
	o := options(f, 50)
	e := New(o)
	for n := range 120 {
		e.Fold([]byte(line(n, start.Add(time.Duration(n)*time.Second))), "log", 7, start.Add(time.Hour))
		take(f, e)
	}
	var b bytes.Buffer
	if err := e.Snapshot(&b); err != nil {
		f.Fatal(err)
	}
	end := b.Len() - crc32.Size - len("log")
	f.Add(b.Bytes()[:end], "log")
	f.Add(make([]byte, binary.Size(head{})), "")
	f.Fuzz(func(t *testing.T, data []byte, log string) {
		sum := crc32.ChecksumIEEE(data)
		whole := append(binary.BigEndian.AppendUint32(bytes.Clone(data), sum), log...)
		e := New(o)
		if err := e.Restore(bytes.NewReader(whole)); err != nil {
			if !errors.Is(err, errState) {
				t.Error(err)
			}
			return
		}
		var once bytes.Buffer
		if err := e.Snapshot(&once); err != nil {
			t.Fatal(err)
		}
		if err := New(o).Restore(&once); err != nil {
			t.Errorf("restored, written, restored: %v", err)
		}
		e.Fold([]byte(line(1, start)+line(2, start)), "log", 9, start)
		take(t, e)
	})
}
