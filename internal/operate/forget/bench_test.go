package forget

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/uuid"
)

// BenchmarkHolds looks through lines of events for a thousand people, and beside it for
// one text by the standard library, which is as fast as it can be.
func BenchmarkHolds(b *testing.B) {
	line := []byte(`{"event_id":"51be8ea8-8287-56e0-9cc2-0cf478e00603","event_type":"product_viewed","timestamp":"2019-10-01T00:00:00Z","session_id":"72d76fde-8bb3-4e00-8c23-a032dfed738c","user_id":"bbf23ea2-7635-577f-87cf-37e6163b0845","context":{"ip":"198.51.100.0","user_agent":"` +
		strings.Repeat("Mozilla/5.0 (Linux; Android 13) ", 4) + `","page_url":"https://tiendi.example/p/d22b2662-23d9-53c3-a35a-9d7fb286fa2f"},"properties":{"product_id":"d22b2662-23d9-53c3-a35a-9d7fb286fa2f","product_price":35.79}}`)
	p := NewPeople(nil, PersonalKeys())
	for range 1000 {
		p.Add(Pseudonym{Kind: User, Old: uuid.NewString(), New: uuid.NewString()})
	}
	b.Run("people", func(b *testing.B) {
		b.SetBytes(int64(len(line)))
		for b.Loop() {
			if p.Holds(line) {
				b.Fatal("it holds nobody")
			}
		}
	})
	b.Run("contains", func(b *testing.B) {
		b.SetBytes(int64(len(line)))
		for b.Loop() {
			if bytes.Contains(line, []byte("0c9a4b1d-2222-4f6e-9d53-2f6f0c9f8a11")) {
				b.Fatal("it is not there")
			}
		}
	})
	b.Run("edit", func(b *testing.B) {
		b.SetBytes(int64(len(line)))
		for b.Loop() {
			p.Edit(line)
		}
	})
}
