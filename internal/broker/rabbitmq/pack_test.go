package rabbitmq

import (
	"bytes"
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
		plain, held := unpack(packed, encoding)
		for _, got := range [][]byte{plain, held.Body(nil), held.Body(make([]byte, 8)), held.Body(make([]byte, 4096))} {
			if !bytes.Equal(got, body) {
				t.Errorf("%q came back as %q", body, got)
			}
		}
		// Anything may say that it is packed.
		if plain, held = unpack(body, packedAs); !bytes.Equal(held.Body(nil), plain) {
			t.Errorf("%q is held as %q", plain, held.Body(nil))
		}
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
	if got, _ := unpack(bomb, "gzip"); !bytes.Equal(got, bomb) {
		t.Error("another encoding was taken for ours")
	}
}
