package rabbitmq

import (
	"bytes"
	"runtime"
	"testing"

	"github.com/klauspost/compress/s2"

	"github.com/tiendi/tiendi/internal/broker"
)

func FuzzPack(f *testing.F) {
	f.Add([]byte("short"))
	f.Add(bytes.Repeat([]byte(`{"event_type":"page_view"}`), 100))
	f.Fuzz(func(t *testing.T, body []byte) {
		var buffer []byte
		packed, encoding := pack(&buffer, body)
		if len(packed) > len(body) {
			t.Errorf("%d bytes became %d", len(body), len(packed))
		}
		if got, _ := unpack(packed, encoding); !bytes.Equal(got, body) {
			t.Errorf("%q came back as %q", body, got)
		}
		if _, held := unpack(packed, encoding); encoding != "" {
			for _, buffer := range [][]byte{nil, make([]byte, 8), make([]byte, 4096)} {
				if got := again(buffer, packed); !bytes.Equal(got, body) {
					t.Errorf("%q came back as %q", body, got)
				}
				if got := held.Body(&buffer); !bytes.Equal(got, body) {
					t.Errorf("%q is held as %q", body, got)
				}
				runtime.GC() // now it is unpacked anew
			}
		}
		unpack(body, packedAs) // anything may say that it is packed
	})
}

// A small message may not become a gigabyte, and what is damaged goes to whoever
// refuses it.
func TestUnpackForeign(t *testing.T) {
	bomb := s2.Encode(nil, make([]byte, broker.MaxBody+1))
	for name, body := range map[string][]byte{"bomb": bomb, "no block": []byte("\xff\xff\xff\xff\xff no block"), "cut": bomb[:len(bomb)-1], "empty": nil} {
		if got, _ := unpack(body, packedAs); !bytes.Equal(got, body) {
			t.Errorf("%s: %d bytes became %d", name, len(body), len(got))
		}
	}
	if got, held := unpack([]byte{0}, packedAs); len(got) > 0 || len(held.Body(new([]byte))) > 0 {
		t.Errorf("nothing, packed, became %d bytes", len(got))
	}
	if got, _ := unpack(bomb, "gzip"); !bytes.Equal(got, bomb) {
		t.Error("another encoding was taken for ours")
	}
}
