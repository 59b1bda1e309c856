package event

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// clock is the tests' now.
var clock = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func builtin(t testing.TB) *Registry {
	t.Helper()
	r, err := NewRegistry(nil, "")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// sharedLines are the real events that lie beside the repository.
func sharedLines(t testing.TB) [][]byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "..", "shared", "data", "clicks", "events.ndjson"))
	if err != nil {
		t.Fatalf("the shared data beside the repository are missing: %v", err)
	}
	return bytes.Split(bytes.TrimSuffix(text, []byte("\n")), []byte("\n"))
}

func TestSharedEventsAreValid(t *testing.T) {
	r := builtin(t)
	for i, line := range sharedLines(t) {
		ev, rejection := r.Parse(line, clock)
		if rejection != nil {
			t.Fatalf("line %d: %v", i+1, rejection)
		}
		if !bytes.Contains(line, ev.Properties) || ev.StoreID.IsZero() || !bytes.Contains(ev.Properties, AppendID(nil, ev.StoreID)) {
			t.Fatalf("line %d: properties %s, store %s", i+1, ev.Properties, ev.StoreID)
		}
	}
}

const (
	idA = "d22b2662-23d9-53c3-a35a-9d7fb286fa2f"
	idB = "bf13ffa7-2887-51d2-b11d-d3d2acbb9102"
)

// probe is a valid server event with other members put before its properties.
func probe(members string) string {
	return `{"event_type":"health_probe","timestamp":"2026-11-20T11:00:00Z",` + members +
		`"properties":{"target":"a","status":200,"duration_ms":1}}`
}

// web is a valid page_view with other members, and other properties.
func web(members, properties string) string {
	return `{"event_id":"` + idA + `","event_type":"page_view","timestamp":"2026-11-20T11:00:00Z",` +
		`"session_id":"` + idB + `",` + members + `"properties":` + properties + `}`
}

const wholeContext = `"context":{"ip":"192.0.2.1","user_agent":"a","page_url":"https://x.example/","device_type":"mobile","os":"","browser":""},`

func TestParseFillsTheEvent(t *testing.T) {
	want := sample()
	want.Type = PageView
	want.Properties = []byte(`{ "store_id" : "` + idB + `", "n": [1.50, {"a":"\u00f1"}] }`)
	line := AppendJSON(nil, &want)
	got, rejection := builtin(t).Parse(line, clock)
	if rejection != nil {
		t.Fatal(rejection)
	}
	want.StoreID, _ = ParseID([]byte(idB))
	if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

// TestParseAllocatesNothing: texts and properties are parts of the line, but for those
// with escapes.
func TestParseAllocatesNothing(t *testing.T) {
	line, registry := []byte(web(wholeContext, `{}`)), builtin(t)
	n := testing.AllocsPerRun(100, func() {
		if _, rejection := registry.Parse(line, clock); rejection != nil {
			t.Fatal(rejection)
		}
	})
	if n != 0 {
		t.Errorf("%v allocations an event", n)
	}
}

func TestParseReadsMembersInAnyOrder(t *testing.T) {
	raw := ` {"properties":{"event_type":"page_view","status":7,"duration_ms":1e1,"target":"a\"b"},` + "\n" +
		`"time":1,"context":null,"user_id":null,"timestamp":"2026-11-20T06:00:00.1239-05:00","event\u005ftype":"health_probe"}` + "\n"
	ev, rejection := builtin(t).Parse([]byte(raw), clock)
	if rejection != nil {
		t.Fatal(rejection)
	}
	if at := time.Date(2026, 11, 20, 11, 0, 0, 123_000_000, time.UTC); ev.Type != HealthProbe || !ev.Timestamp.Equal(at) || ev.Timestamp.Location() != time.UTC {
		t.Errorf("%s at %s", ev.Type, ev.Timestamp)
	}
}

// TestRejections says for each bound and rule which reason and pointer it has.
func TestRejections(t *testing.T) {
	deep := strings.Repeat(`[`, MaxDepth) + strings.Repeat(`]`, MaxDepth)
	many := ""
	for i := range 40 {
		many += fmt.Sprintf(`"k%d":0,`, i)
	}
	for _, c := range []struct {
		raw, want string // reason, and pointer where there is one
	}{
		{probe(``), ""},
		{web(wholeContext, `{}`), ""},
		{web(wholeContext, `{"x":`+strings.Repeat(`[`, MaxDepth-2)+strings.Repeat(`]`, MaxDepth-2)+`}`), ""},
		{web(wholeContext, `{"x":`+deep+`}`), "too_deep /properties/x" + strings.Repeat("/0", MaxDepth-2)},
		{``, "malformed_json"},
		{" \n", "malformed_json"},
		{`[]`, "wrong_type"},
		{`"event_type"`, "wrong_type"},
		{`{`, "malformed_json"},
		{probe(``) + `x`, "malformed_json"},
		{probe(``) + `{}`, "malformed_json"},
		{probe(`"a":01,`), "malformed_json"},
		{probe(`"a":"` + "\t" + `",`), "malformed_json"},
		{probe(`"a":tru,`), "malformed_json"},
		{probe(`,`), "malformed_json"},
		{probe(`"a":"` + "\xff" + `",`), "invalid_utf8"},
		{probe(`"a":"\ud83d",`), "invalid_utf8 /a"},
		{probe(`"a":"\ud83d\u0041",`), "invalid_utf8 /a"},
		{probe(`"a":1,"\u0061":2,`), "duplicate_key /a"},
		{probe(`"user_id":null,"user_id":null,`), "duplicate_key /user_id"},
		{probe(many + `"k39":1,`), "duplicate_key /k39"},
		{probe(`"x":{"a":[{"b":1,"b":2}]},`), "duplicate_key /x/a/0/b"},
		{probe(`"a/b~c":{"d":1e999},`), "invalid_value /a~1b~0c/d"},
		{probe(`"n":18446744073709551616,`), "invalid_value /n"},
		{probe(`"n":` + strings.Repeat("1", maxNumber) + `.5,`), "invalid_value /n"},
		{probe(`"n":18446744073709551615,"m":-9223372036854775808,"o":1e308,`), ""},
		{probe(`"pad":"` + strings.Repeat("x", MaxEventBytes) + `",`), "too_large"},
		{strings.Replace(probe(``), "health_probe", "health_prob", 1), "unknown_type /event_type"},
		{`{"timestamp":"2026-11-20T11:00:00Z","properties":{}}`, "missing_field /event_type"},
		{`{"event_type":5}`, "wrong_type /event_type"},
		{`{"event_type":"health_probe"}`, "missing_field /timestamp"},
		{strings.Replace(probe(``), `200`, `"200"`, 1), "wrong_type /properties/status"},
		{strings.Replace(probe(``), `200`, `200.5`, 1), "wrong_type /properties/status"},
		{strings.Replace(probe(``), `200`, `600`, 1), "invalid_value /properties/status"},
		{strings.Replace(probe(``), `200`, `2e2`, 1), ""},
		{strings.Replace(probe(``), `11:00:00Z`, `12:05:00Z`, 1), ""},
		{strings.Replace(probe(``), `11:00:00Z`, `12:05:00.001Z`, 1), "timestamp_in_future /timestamp"},
		{strings.Replace(probe(``), `2026-11-20T11:00:00Z`, `1970-01-02T00:00:00Z`, 1), ""},
		{strings.Replace(probe(``), `11:00:00Z`, `11:00:00`, 1), "invalid_value /timestamp"},
		{web(``, `{}`), "missing_field /context"},
		{web(`"context":{},`, `{}`), "missing_field /context/ip"},
		{web(strings.Replace(wholeContext, "mobile", "phone", 1), `{}`), "invalid_value /context/device_type"},
		{web(wholeContext, `{"store_id":"s1"}`), "invalid_value /properties/store_id"},
		{web(wholeContext, `[]`), "wrong_type /properties"},
		{strings.Replace(web(wholeContext, `{}`), idB, "00000000-0000-0000-0000-000000000000", 1), "invalid_value /session_id"},
	} {
		_, rejection := builtin(t).Parse([]byte(c.raw), clock)
		got := ""
		if rejection != nil {
			got = strings.TrimSpace(string(rejection.Reason) + " " + rejection.Pointer)
			if rejection.Detail == "" || len(rejection.Error()) > 400 {
				t.Errorf("%.100q: the text is %q", c.raw, rejection)
			}
		}
		if got != c.want {
			t.Errorf("%.300s\ngave %q, want %q (%v)", c.raw, got, c.want, rejection)
		}
	}
}

// TestAllThatIsMissing: who writes an event by hand need not send it once for each field.
func TestAllThatIsMissing(t *testing.T) {
	_, rejection := builtin(t).Parse([]byte(web(`"context":{"ip":"10.0.0.1","user_agent":"u","os":"Linux"},`, `{}`)), clock)
	const want = "missing_field /context/page_url: required, and not there; also missing: device_type, browser"
	if rejection == nil || rejection.Error() != want {
		t.Errorf("got %v, want %s", rejection, want)
	}
}

func TestIDsAreDerived(t *testing.T) {
	r := builtin(t)
	id := func(raw string, from *Origin) ID {
		t.Helper()
		ev, rejection := r.ParseFrom([]byte(raw), clock, from)
		if rejection != nil {
			t.Fatal(rejection)
		}
		if ev.SessionID != ev.EventID {
			t.Errorf("a server event of no session has session %s and id %s", ev.SessionID, ev.EventID)
		}
		return ev.EventID
	}
	bytesID := id(probe(``), nil)
	if again := id(" "+probe(``)+"\r\n", &Origin{Index: 3}); again != bytesID || bytesID[6]>>4 != 8 || bytesID[8]>>6 != 2 {
		t.Errorf("the same event gave %s and %s", bytesID, again)
	}
	for _, other := range []ID{id(probe(`"a":1,`), nil), id(probe(``), &Origin{IdempotencyKey: "k"})} {
		if other == bytesID {
			t.Error("another event has the same id")
		}
	}
	if id(probe(``), &Origin{IdempotencyKey: "k", Index: 1}) != id(probe(`"a":1,`), &Origin{IdempotencyKey: "k", Index: 1}) {
		t.Error("one request, sent again, gives other ids")
	}
	if id(probe(``), &Origin{IdempotencyKey: "k", Index: 1}) == id(probe(``), &Origin{IdempotencyKey: "k", Index: 2}) {
		t.Error("two events of a request have the same id")
	}
	if got := id(probe(`"event_id":"`+idA+`",`), nil).String(); got != idA {
		t.Errorf("the event's own id became %s", got)
	}
	if got := id(probe(`"event_id":"00000000-0000-0000-0000-000000000000",`), nil); got.IsZero() {
		t.Error("the zero id was kept")
	}
}

// TestSentAt holds that a receiver corrects the sender's clock, that nobody else
// does, and that the future is judged after that.
func TestSentAt(t *testing.T) {
	r := builtin(t)
	early := strings.Replace(probe(`"sent_at":"2030-01-01T00:00:02Z",`), "2026-11-20T11:00:00Z", "2030-01-01T00:00:00Z", 1)
	for _, c := range []struct {
		raw  string
		from *Origin
		want string
	}{
		{probe(`"sent_at":"2026-11-20T11:00:01.25Z",`), &Origin{}, "2026-11-20 11:59:58.75 +0000 UTC"},
		{probe(`"sent_at":"2026-11-20T11:00:01.25Z",`), nil, "2026-11-20 11:00:00 +0000 UTC"},
		{probe(`"sent_at":"2026-11-20T10:59:59Z",`), &Origin{}, "2026-11-20 11:00:00 +0000 UTC"},
		{probe(`"sent_at":null,`), &Origin{}, "2026-11-20 11:00:00 +0000 UTC"},
		{early, &Origin{}, "2026-11-20 11:59:58 +0000 UTC"},
		{early, nil, "timestamp_in_future /timestamp"},
		{strings.Replace(early, "00:02Z", "00:02", 1), &Origin{}, "invalid_value /sent_at"},
		{probe(`"sent_at":1,`), &Origin{}, "wrong_type /sent_at"},
	} {
		ev, rejection := r.ParseFrom([]byte(c.raw), clock, c.from)
		got := ev.Timestamp.String()
		if rejection != nil {
			got = string(rejection.Reason) + " " + rejection.Pointer
		}
		if got != c.want {
			t.Errorf("%s\ngave %s, want %s", c.raw, got, c.want)
		}
	}
}

// TestSentAgain holds that the same event, sent again later, is the same one.
func TestSentAgain(t *testing.T) {
	r, ids := builtin(t), map[ID]bool{}
	for _, second := range []string{"1", "2.5"} {
		raw := " " + probe(`"sent_at":"2026-11-20T11:00:0`+second+`Z",`) + "\n"
		for result := range r.ParseBatch([]byte(raw), clock, &Origin{}, Limits{}) {
			if result.Rejection != nil {
				t.Fatal(result.Rejection)
			}
			ids[result.Event.EventID] = true
		}
	}
	if len(ids) != 1 {
		t.Errorf("got ids %v", ids)
	}
}

func TestOriginStandsIn(t *testing.T) {
	full, err := NewRegistry(schemas(map[string]string{"page_view.json": `{` + webRef + `, "minProperties": 1}`}), "events")
	if err != nil || !full.Types()[0].Full {
		t.Fatal(full.Types()[0], err)
	}
	for name, r := range map[string]*Registry{"fast": builtin(t), "full": full} {
		t.Run(name, func(t *testing.T) { testOriginStandsIn(t, r) })
	}
}

func testOriginStandsIn(t *testing.T, r *Registry) {
	raw := []byte(web(`"context":{"ip":null,"page_url":"https://x.example/","device_type":"mobile","os":"","browser":""},`, `{}`))
	if _, rejection := r.Parse(raw, clock); rejection == nil {
		t.Error("a web event without address is valid by itself")
	}
	ev, rejection := r.ParseFrom(raw, clock, &Origin{IP: "192.0.2.7", UserAgent: "curl/8"})
	if rejection != nil || ev.Context.IP != "192.0.2.7" || ev.Context.UserAgent != "curl/8" {
		t.Errorf("%+v, %v", ev.Context, rejection)
	}
	ev, rejection = r.ParseFrom([]byte(web(wholeContext, `{}`)), clock, &Origin{IP: "192.0.2.7", UserAgent: "curl/8"})
	if rejection != nil || ev.Context.IP != "192.0.2.1" || ev.Context.UserAgent != "a" {
		t.Errorf("what the event says itself was lost: %+v, %v", ev.Context, rejection)
	}
}

func TestPropertiesStayOnOneLine(t *testing.T) {
	raw := web(wholeContext, "{\r\n \"a\": \"b\"}")
	ev, rejection := builtin(t).Parse([]byte(raw), clock)
	if rejection != nil || string(ev.Properties) != `{   "a": "b"}` {
		t.Errorf("%q, %v", ev.Properties, rejection)
	}
}

func TestParseAllocatesOnce(t *testing.T) {
	r, raw := builtin(t), sharedLines(t)[0]
	if n := testing.AllocsPerRun(100, func() { _, _ = r.Parse(raw, clock) }); n > 1 {
		t.Errorf("%v allocations an event", n)
	}
}
