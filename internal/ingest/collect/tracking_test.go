package collect

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/tiendi/tiendi/internal/event"
	"github.com/tiendi/tiendi/internal/event/enrich"
)

const (
	uuidA = "d22b2662-23d9-53c3-a35a-9d7fb286fa2f"
	uuidB = "bf13ffa7-2887-51d2-b11d-d3d2acbb9102"
	phone = "Mozilla/5.0 (Linux; Android 14; SM-A546E) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36"
)

// page is a message's context, as analytics.js sends it.
const page = `"context":{"userAgent":"` + phone + `","page":{"url":"https://shop.example/p/1?a=1&b=2","referrer":"https://www.google.com/"}}`

func basic(key string) string {
	return "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(key+":"))
}

// last is the event that came into the log last.
func (s *site) last(t *testing.T) event.BaseEvent {
	t.Helper()
	lines := s.events.lines(-1)
	if len(lines) == 0 {
		t.Fatal("there is no event")
	}
	ev, rejection := s.options.Registry.Parse([]byte(lines[len(lines)-1]), clock)
	if rejection != nil {
		t.Fatal(rejection)
	}
	return ev
}

func TestTrack(t *testing.T) {
	s := open(t, nil)
	body := `{"messageId":"ajs-next-1","anonymousId":"` + uuidA + `","userId":"customer 7","event":"Product Viewed",` + page + `,
		"properties":{"product_id":"` + uuidA + `","store_id":"` + uuidB + `","name":"Termo <1 L>","price":35.790,"category":"hogar"},
		"originalTimestamp":"2026-11-20T10:59:50Z","sentAt":"2026-11-20T11:00:00Z"}`
	r := s.post(t, "/v1/track", body, basic("app-key"))
	if r.Status != 200 || !r.Success || r.Accepted != 1 {
		t.Fatalf("got %d %s", r.Status, r.Text)
	}
	ev := s.last(t)
	if ev.Type != event.ProductViewed || ev.EventID != idOf("ajs-next-1") || ev.SessionID.String() != uuidA || ev.UserID != idOf("customer 7") || ev.StoreID.String() != uuidB {
		t.Errorf("got %+v", ev)
	}
	// The sender's clock is an hour behind.
	if got := string(event.AppendTime(nil, ev.Timestamp)); got != "2026-11-20T11:59:50.000Z" {
		t.Errorf("got %s", got)
	}
	want := event.Context{IP: "127.0.0.0", UserAgent: phone, PageURL: "https://shop.example/p/1?a=1&b=2", Referrer: "https://www.google.com/",
		DeviceType: event.Mobile, OS: "Android", Browser: "Chrome"}
	if ev.Context != want {
		t.Errorf("got %+v", ev.Context)
	}
	for _, part := range []string{`"product_name":"Termo <1 L>"`, `"product_price":35.790`, `"product_category":"hogar"`, `"name":"Termo <1 L>"`} {
		if !strings.Contains(string(ev.Properties), part) {
			t.Errorf("there is no %s in %s", part, ev.Properties)
		}
	}
}

func TestBatch(t *testing.T) {
	s := open(t, nil)
	messages := []string{
		`{"type":"page","messageId":"1","anonymousId":"a","name":"home"}`,
		`{"type":"track","messageId":"2","userId":"u","event":"Order Completed","properties":{"order_id":"` + uuidA + `","store_id":"` + uuidB + `","total":7,"subtotal":5,"shipping":2,"payment_method":"card","products":[{"product_id":"` + uuidA + `","quantity":1,"price":5}]}}`,
		`{"type":"identify","messageId":"3","userId":"u","traits":{"email":"a@b.example"}}`,
		`{"type":"identify","messageId":"4","userId":"u","traits":{"signed_up":true,"createdAt":"2026-11-20T09:00:00Z","method":"email"}}`,
		`{"type":"identify","messageId":"5","userId":"u","traits":{"signed_up":true,"createdAt":"2026-11-20T09:00:00Z"}}`,
		`{"type":"group","messageId":"6","anonymousId":"a"}`,
		`{"type":"track","messageId":"7","anonymousId":"a","event":"Product Clicked","properties":{"store_id":"` + uuidB + `"}}`,
		`{"type":"track","messageId":8}`,
		`{"type":"track","event":"Payment Failed","properties":[]}`,
		`"text"`,
	}
	body := `{"writeKey":"web-key","sentAt":"2026-11-20T11:00:00Z",` + page + `,"batch":[` + strings.Join(messages, ",") + `]}`
	r := s.post(t, "/v1/batch", body, "Authorization: ", "Content-Type: text/plain")
	want := `[{5 unknown_type /event_type there is no schema for "group"} ` +
		`{6 missing_field /properties/product_id required, and not there} ` +
		`{7 wrong_type /messageId want string, got number} ` +
		`{8 wrong_type /properties want object, got array} ` +
		`{9 wrong_type  want object, got string}]`
	if r.Status != 200 || r.Accepted != 4 || r.Ignored != 1 || fmt.Sprint(r.Rejected) != want {
		t.Fatalf("got %d %s", r.Status, r.Text)
	}
	ids := map[event.ID]int{}
	for _, line := range s.events.lines(-1) {
		ev, rejection := s.options.Registry.Parse([]byte(line), clock)
		if rejection != nil {
			t.Fatalf("%s: %v", line, rejection)
		}
		if ev.Type == event.UserSignedUp {
			ids[ev.EventID]++
			if ev.Timestamp.Hour() != 9 || ev.UserID != idOf("u") {
				t.Errorf("got %s", line)
			}
		}
		if ev.Type == event.PurchaseCompleted && !strings.Contains(line, `"delivery_fee":2`) {
			t.Errorf("got %s", line)
		}
	}
	if len(ids) != 1 {
		t.Errorf("one user signs up once, got ids %v", ids)
	}
	if n := len(s.rejected.lines(-1)); n != 5 {
		t.Errorf("%d rejects are kept", n)
	}
}

func TestTrackingStatuses(t *testing.T) {
	s := open(t, func(o *Options) { o.Limits.BatchEvents = 2 })
	for _, c := range []struct {
		path, body, header string
		status             int
	}{
		{"/v1/track", "{", basic("web-key"), 400}, {"/v1/batch", `{"batch":{}}`, basic("web-key"), 400},
		{"/v1/batch", `{"batch":[{},{},{}]}`, basic("web-key"), 413}, {"/v1/track", `{}`, basic("nobody"), 401},
		{"/v1/track", `{"writeKey":"nobody"}`, "Authorization: ", 401}, {"/v1/batch", `{"batch":[]}`, basic("web-key"), 200},
		{"/v1/page", `{}`, "Content-Type: application/x-ndjson", 415}, {"/v1/identify", `{"userId":"u"}`, basic("web-key"), 200},
	} {
		if r := s.post(t, c.path, c.body, c.header); r.Status != c.status {
			t.Errorf("%s %s: got %d %s", c.path, c.body, r.Status, r.Text)
		}
	}
}

// TestMessagesWithoutIDs are recognised when they are sent again later.
func TestMessagesWithoutIDs(t *testing.T) {
	s := open(t, nil)
	body := `{"event":"Payment Failed","userId":"u","originalTimestamp":"2026-11-20T10:00:00Z","sentAt":"2026-11-20T11:00:%02dZ",` +
		`"properties":{"payment_id":"` + uuidA + `","store_id":"` + uuidB + `","amount":1,"payment_method":"card"}}`
	whole := `{"batch":[` + strings.Replace(body, `"sentAt":"2026-11-20T11:00:%02dZ",`, "", 1) + `],"sentAt":"2026-11-20T11:00:%02dZ"}`
	for second := range 2 {
		text := strings.Replace(fmt.Sprintf(whole, second), `{"event"`, `{"type":"track","event"`, 1)
		if r := s.post(t, "/v1/batch", text); r.Accepted != 1 {
			t.Fatal(r.Text)
		}
	}
	ids := map[string]bool{}
	for _, line := range s.events.lines(-1) {
		var ev event.BaseEvent
		if err := json.Unmarshal([]byte(line), &ev); err != nil {
			t.Fatal(err)
		}
		ids[ev.EventID.String()] = true
	}
	if len(ids) != 1 {
		t.Errorf("got %v", ids)
	}
}

func TestSnakeCase(t *testing.T) {
	for in, want := range map[string]string{
		"Product Viewed": "product_viewed", "productViewed": "product_viewed", "product-viewed ": "product_viewed", "API Request": "api_request",
		"product_viewed": "product_viewed", "": "", "  ": "", "Añadir": "añadir", "Step2Done": "step2_done", "A/B  test": "a_b_test",
	} {
		if got := snakeCase(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
	for in, want := range map[string]event.Type{"Product Added": event.AddToCart, "Order Completed": event.PurchaseCompleted, "Checkout Started": event.CheckoutStarted} {
		if got := eventType(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestHappened(t *testing.T) {
	for _, c := range []struct{ original, sent, want string }{
		{"", "", "2026-11-20T12:00:00.000Z"},
		{"2026-11-20T08:00:00Z", "", "2026-11-20T08:00:00Z"},
		{"2030-01-01T00:00:00Z", "2030-01-01T00:00:01.5Z", "2026-11-20T11:59:58.500Z"},
		{"2026-11-20T08:00:00+02:00", "2026-11-20T06:00:00Z", "2026-11-20T12:00:00.000Z"},
		{"2026-11-20T08:00:01Z", "2026-11-20T08:00:00Z", "2026-11-20T08:00:01Z"},
		{"yesterday", "2026-11-20T08:00:00Z", "yesterday"},
	} {
		m := message{OriginalTimestamp: c.original, SentAt: c.sent}
		if got := m.happened(clock); got != c.want {
			t.Errorf("%s sent %s: got %s, want %s", c.original, c.sent, got, c.want)
		}
	}
}

// FuzzMessage holds that any message becomes an event, a rejection or nothing,
// and that the event is one that the enricher takes.
func FuzzMessage(f *testing.F) {
	f.Add(`{"type":"page","anonymousId":"a","name":"home",`+page+`}`, "batch")
	f.Add(`{"event":"Product Viewed","properties":{"name":"x"},"userId":"u"}`, "track")
	f.Add(`{"userId":"u","traits":{"signed_up":true,"method":"\ud800"}}`, "identify")
	f.Add(`{"properties":[{}],"context":{"ip":"::1"}}`, "page")
	r := registry(f)
	agents, err := enrich.New(enrich.Options{})
	if err != nil {
		f.Fatal(err)
	}
	from := &event.Origin{IP: "203.0.113.0", UserAgent: phone}
	f.Fuzz(func(t *testing.T, raw, kind string) {
		var m message
		if json.Unmarshal([]byte(raw), &m) != nil {
			return
		}
		if kind != "batch" {
			m.Type = kind
		}
		d, ok := m.mapped([]byte(raw), judges{r.Web, agents.Agent}, from, clock)
		if !ok {
			return
		}
		text, err := encoded(d)
		if err != nil {
			t.Fatalf("%s: %v", raw, err)
		}
		ev, rejection := r.ParseFrom(text, clock, from)
		if rejection != nil {
			return
		}
		if _, rejection := r.Parse(event.AppendJSON(nil, &ev), clock); rejection != nil {
			t.Fatalf("%s became %s: %v", raw, text, rejection)
		}
	})
}
