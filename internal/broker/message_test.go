package broker

import "testing"

func FuzzParseHeader(f *testing.F) {
	for _, s := range []string{
		Header{Producer: "p", Sequence: 1, Epoch: 2, Count: 3, Kind: KindClaim}.String(),
		Header{Producer: "p", Trace: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}.String(),
		"", "=", "sequence=x", "producer=a later=1", "count=99999999999999999999",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		h := ParseHeader(s)
		if again := ParseHeader(h.String()); again != h {
			t.Errorf("%q: %+v, then %+v", s, h, again)
		}
	})
}

// TestHeaderTrace: a message that is not traced looks as it did before there were
// traces, and one that is can be read by who does not know of them.
func TestHeaderTrace(t *testing.T) {
	plain := Header{Producer: "p", Sequence: 1, Count: 3}
	if got := plain.String(); got != "producer=p sequence=1 epoch=0 count=3" {
		t.Errorf("got %q", got)
	}
	traced := plain
	traced.Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	if got := ParseHeader(traced.String()); got != traced {
		t.Errorf("got %+v", got)
	}
	if got := ParseHeader(plain.String()); got != plain {
		t.Errorf("got %+v", got)
	}
}
