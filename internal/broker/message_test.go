package broker

import "testing"

func FuzzParseHeader(f *testing.F) {
	for _, s := range []string{
		Header{Producer: "p", Sequence: 1, Epoch: 2, Count: 3, Kind: KindClaim}.String(),
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
