package event

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func sample() BaseEvent {
	id := func(b byte) ID { return ID{b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15} }
	return BaseEvent{
		EventID:   id(0xab),
		Type:      ProductViewed,
		Timestamp: time.Date(2026, 2, 28, 23, 59, 58, 7_000_000, time.UTC),
		SessionID: id(2),
		UserID:    id(3),
		Context: Context{
			IP:         "192.0.2.17",
			UserAgent:  `Mozilla/5.0 "quoted" \ back`,
			Referrer:   "https://www.google.com/",
			PageURL:    "https://tiendi.example/p/ñandú?a=1&b=<2>",
			DeviceType: Tablet,
			OS:         "iPadOS",
			Browser:    "Safari",
			PageViewID: id(4),
		},
		Properties: json.RawMessage(`{"product_price":19.90}`),
	}
}

func TestAppendJSONReadsBackTheSame(t *testing.T) {
	full := sample()
	server := sample()
	server.UserID = ID{}
	server.Type = APIRequest
	server.Context = Context{IP: "192.0.2.1"}
	bare := BaseEvent{Type: HealthProbe, Timestamp: full.Timestamp, Properties: json.RawMessage("{}")}
	for _, want := range []BaseEvent{full, server, bare} {
		line := AppendJSON(nil, &want)
		var got BaseEvent
		decoder := json.NewDecoder(bytes.NewReader(line))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&got); err != nil {
			t.Fatalf("%v in %s", err, line)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
	}
}

func TestAppendJSONLeavesOutWhatIsNotThere(t *testing.T) {
	ev := BaseEvent{Type: StoreCreated, Timestamp: time.UnixMilli(0)}
	const want = `{"event_id":"00000000-0000-0000-0000-000000000000","event_type":"store_created",` +
		`"timestamp":"1970-01-01T00:00:00.000Z","session_id":"00000000-0000-0000-0000-000000000000",` +
		`"context":{},"properties":{}}`
	if got := string(AppendJSON(nil, &ev)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestAppendJSONAllocatesNothing(t *testing.T) {
	ev := sample()
	buf := make([]byte, 0, 4096)
	if n := testing.AllocsPerRun(100, func() { buf = AppendJSON(buf[:0], &ev) }); n != 0 {
		t.Errorf("%v allocations an event", n)
	}
}

func TestAppendTimeKeepsUTCAndMilliseconds(t *testing.T) {
	bogota := time.FixedZone("COT", -5*3600)
	at := time.Date(2025, 12, 31, 19, 5, 6, 120_999_999, bogota)
	if got, want := string(AppendTime(nil, at)), "2026-01-01T00:05:06.120Z"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestParseIDRefuses(t *testing.T) {
	for _, text := range []string{
		"", "0", "51be8ea8827856e09cc20cf478e00603", "51be8ea8-8287-56e0-9cc2-0cf478e0060g",
		"51be8ea8-8287-56e0-9cc2-0cf478e006031", "51be8ea88-287-56e0-9cc2-0cf478e00603",
		strings.Repeat("a", 1<<16),
	} {
		if id, err := ParseID([]byte(text)); err == nil {
			t.Errorf("%.40q gave %v", text, id)
		} else if len(err.Error()) > 200 {
			t.Errorf("the error for %.20q is %d characters long", text, len(err.Error()))
		}
	}
}

func TestWebAndServerTypesShareNothing(t *testing.T) {
	for _, typ := range WebTypes() {
		if !typ.Web() || !typ.Known() {
			t.Errorf("%s: Web %v, Known %v", typ, typ.Web(), typ.Known())
		}
	}
	for _, typ := range ServerTypes() {
		if typ.Web() || !typ.Known() {
			t.Errorf("%s: Web %v, Known %v", typ, typ.Web(), typ.Known())
		}
	}
	if Type("page_viewed").Known() {
		t.Error("page_viewed is no type of the contract")
	}
}

func FuzzAppendString(f *testing.F) {
	for _, seed := range []string{"", "plain", "ñ 日本", "a\"b\\c\n\r\t\x00\x1f", "\xff\xfe", "a\xc3", "\u2028"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		var got string
		if err := json.Unmarshal(AppendString(nil, s), &got); err != nil {
			t.Fatal(err)
		}
		want := s
		if !utf8.ValidString(s) {
			want = string([]rune(s))
		}
		if got != want {
			t.Errorf("%q came back as %q", s, got)
		}
	})
}

func FuzzParseID(f *testing.F) {
	f.Add([]byte("51be8ea8-8287-56e0-9cc2-0cf478e00603"))
	f.Add([]byte("51BE8EA8-8287-56E0-9CC2-0CF478E00603"))
	f.Add([]byte("-----------------------------------"))
	f.Fuzz(func(t *testing.T, text []byte) {
		id, err := ParseID(text)
		if err == nil && id.String() != strings.ToLower(string(text)) {
			t.Errorf("%q came back as %s", text, id)
		}
	})
}

func BenchmarkAppendJSON(b *testing.B) {
	ev := sample()
	buf := make([]byte, 0, 4096)
	for b.Loop() {
		buf = AppendJSON(buf[:0], &ev)
	}
	b.SetBytes(int64(len(buf)))
}
