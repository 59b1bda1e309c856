package collect

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/tiendi/tiendi/internal/event"
)

// mended knows a type that was not known, and a click without its product.
func mended(t testing.TB) *event.Registry {
	t.Helper()
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	r, err := event.NewRegistry(fstest.MapFS{
		"coupon_used.json": file(`{"$ref": "tiendi/base.json#/$defs/server_event"}`),
		"banner_seen.json": file(`{"$ref": "tiendi/base.json#/$defs/web_event"}`),
	}, "events")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func mendedHooks(o *Options) {
	hooks(o)
	o.Webhooks["shopify"].Events["orders/edited"] = WebhookEvent{Type: event.PaymentFailed, Properties: o.Webhooks["shopify"].Events["orders/paid"].Properties}
	o.Webhooks["stripe"].Events["charge.failed"] = o.Webhooks["stripe"].Events["payment_intent.payment_failed"]
}

// sendRefused sends what fits only once all is mended.
func sendRefused(t testing.TB, s *site) {
	t.Helper()
	coupon := `{"event_type":"coupon_used","timestamp":"2026-11-20T10:00:00Z","properties":{"zip":"15074","from":"203.0.113.77"}}`
	banner := strings.NewReplacer("page_view", "banner_seen", `"ip":"203.0.113.77",`, "", `"Firefox"`, `""`).Replace(view(uuidA, ""))
	banner = strings.Replace(banner, `"event_id":"",`, "", 1)
	order := `{"id":77,"total_price":"12.30","created_at":"2026-11-20T06:00:00-05:00","browser_ip":"203.0.113.77"}`
	charge := strings.Replace(intent, "payment_intent.succeeded", "charge.failed", 1)
	track := `{"type":"track","event":"Coupon Used","userId":"u","context":{"ip":"203.0.113.77"},"originalTimestamp":"2026-11-20T10:59:50Z"`
	for _, c := range []struct{ path, body, headers string }{
		{"/v1/events", coupon, "User-Agent: curl/8"},
		{"/v1/events", "[" + view(uuidA, uuidB) + "," + coupon + "," + coupon + "]", "Idempotency-Key: k1"},
		{"/v1/events", strings.Replace(coupon, "{", `{"event_id":"`+uuidB+`",`, 1), ""},
		{"/v1/events", strings.Replace(coupon, "{", `{"sent_at":"2026-11-20T10:00:05.5Z",`, 1), ""},
		{"/v1/events", banner, "User-Agent: " + phone},
		{"/v1/track", track + `,"sentAt":"2026-11-20T11:00:00Z"}`, ""},
		{"/v1/track", track + `,"messageId":"m1"}`, ""},
		{"/v1/batch", `{"sentAt":"2026-11-20T11:00:00Z",` + page + `,"batch":[` + track + `},{"type":"track","event":"Banner Seen","anonymousId":"a"}]}`, ""},
		{"/v1/batch", `{"batch":[` + track + `}]}`, "Idempotency-Key: k2"},
		{"/v1/webhooks/stripe", charge, "Stripe-Signature: " + signStripe("new", charge, clock)},
		{"/v1/webhooks/shopify", order, "X-Shopify-Topic: orders/edited\nX-Shopify-Hmac-Sha256: " + base64.StdEncoding.EncodeToString(sum("shop", order))},
	} {
		if r := s.post(t, c.path, c.body, strings.Split(c.headers, "\n")...); r.Status/100 != 2 {
			t.Fatalf("%s: got %d %s", c.path, r.Status, r.Text)
		}
	}
}

func rejectsOf(t testing.TB, s *site) (all []*Reject) {
	t.Helper()
	for _, line := range s.rejected.lines(-1) {
		r, err := parseReject([]byte(line))
		if err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		if back := string(r.appendJSON(nil)); back != line {
			t.Errorf("%s\nis read as %s", line, back)
		}
		all = append(all, r)
	}
	return all
}

// TestReplay holds that what is replayed after mending is, but for milliseconds,
// what would have been taken had all been mended before: with the same ids.
func TestReplay(t *testing.T) {
	before := open(t, hooks)
	sendRefused(t, before)
	after := open(t, func(o *Options) { mendedHooks(o); o.Registry = mended(t) })
	sendRefused(t, after)
	if n := len(after.rejected.lines(-1)); n != 0 {
		t.Fatalf("%d are refused though all is mended: %s", n, after.rejected.lines(-1))
	}
	o, events, _ := options(t)
	mendedHooks(&o)
	o.Registry = mended(t)
	replay, err := NewReplay(o)
	if err != nil {
		t.Fatal(err)
	}
	rejects := rejectsOf(t, before)
	for _, r := range rejects {
		if outcome, rejection, err := replay.Take(t.Context(), r); outcome != Taken || err != nil {
			t.Errorf("%s %s: got %v, %v, %v", r.Path, r.Raw, outcome, rejection, err)
		}
	}
	if err := replay.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	got, want := append(before.events.lines(-1), events.lines(-1)...), after.events.lines(-1)
	slices.Sort(got)
	slices.Sort(want)
	for i := range got {
		// Of the event's own bytes the address is cut, as it is when it is stored.
		want[i] = string(anonymiseRaw([]byte(want[i])))
		if got[i] != want[i] {
			t.Errorf("replayed is\n%s\ntaken would be\n%s", got[i], want[i])
		}
	}
	if len(rejects) != 13 || len(got) != 14 || len(want) != 14 {
		t.Errorf("%d rejects, %d events of %d", len(rejects), len(got), len(want))
	}
}

// TestReplayRefusesAgain holds what becomes of those that still do not fit.
func TestReplayRefusesAgain(t *testing.T) {
	s := open(t, hooks)
	sendRefused(t, s)
	huge := `{"event":"Coupon Used","userId":"u","x":"` + strings.Repeat("x", maxRaw) + `"}`
	context := `"context":{"x":"` + strings.Repeat("x", maxBatchContext) + `"}`
	s.post(t, "/v1/track", huge)
	s.post(t, "/v1/batch", `{`+context+`,"batch":[{"type":"track","event":"Coupon Used","userId":"u"}]}`)
	s.post(t, "/v1/identify", `{"userId":7}`)
	o, events, _ := options(t)
	replay, err := NewReplay(o) // without any webhooks
	if err != nil {
		t.Fatal(err)
	}
	outcomes, reasons := map[Outcome]int{}, map[event.Reason]int{}
	for _, r := range rejectsOf(t, s) {
		outcome, rejection, err := replay.Take(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		outcomes[outcome]++
		if rejection != nil {
			reasons[rejection.Reason]++
		}
	}
	if err := replay.Flush(t.Context()); err != nil || len(events.lines(-1)) != 0 {
		t.Errorf("got %v, %s", err, events.lines(-1))
	}
	if outcomes[Refused] != 14 || outcomes[Cut] != 2 || reasons[event.UnknownType] != 13 || reasons[event.WrongType] != 1 {
		t.Errorf("got %v, %v", outcomes, reasons)
	}
}

func TestFilter(t *testing.T) {
	s := open(t, hooks)
	sendRefused(t, s)
	all := rejectsOf(t, s)
	for name, c := range map[string]struct {
		filter Filter
		want   int
	}{
		"all": {Filter{}, 13}, "reason": {Filter{Reason: event.UnknownType}, 13}, "no reason": {Filter{Reason: event.TooDeep}, 0},
		"source": {Filter{Source: "stripe"}, 1}, "type": {Filter{Type: "coupon_used"}, 9}, "as sent": {Filter{Type: "Coupon Used"}, 4},
		"delivery": {Filter{Type: "orders/edited"}, 1}, "since": {Filter{Since: clock}, 13}, "later": {Filter{Since: clock.Add(1)}, 0},
		"id": {Filter{IDs: []string{all[0].ID.String()[:8], "ffffffff"}}, 3},
	} {
		n := 0
		for _, r := range all {
			if c.filter.Match(r) {
				n++
			}
		}
		if n != c.want {
			t.Errorf("%s: got %d, want %d", name, n, c.want)
		}
	}
}

func TestAnonymiseRaw(t *testing.T) {
	for raw, want := range map[string]string{
		`{"ip":"203.0.113.77","x":"::1"}`:                             `{"ip":"203.0.113.0","x":"::"}`,
		`{"ip":"unknown","client_IP":"0xCB007107","clientIp":"x"}`:    `{"ip":"","client_IP":"","clientIp":""}`,
		`{"zip":"15074","membership":"gold"}`:                         `{"zip":"15074","membership":"gold"}`,
		`{"remoteip":"203.0.113.77:443","skip":"203.0.113.77, 10.0.0`: `{"remoteip":"","skip":"`,
		`{"ip": "2001:db8:1:2::3`:                                     `{"ip": "2001:db8:1::`,
	} {
		if got := string(anonymiseRaw([]byte(raw))); got != want {
			t.Errorf("%s: got %s, want %s", raw, got, want)
		}
	}
}

func FuzzParseReject(f *testing.F) {
	r := &Reject{ID: idOf("x"), Received: clock, Path: pathEvents, Raw: []byte("\xff\x01"), Bytes: 2}
	f.Add(string(r.appendJSON(nil)))
	r.Batch, r.Raw, r.Path = newBatch(&envelope{SentAt: "x"}), []byte("{}"), "/v1/batch"
	f.Add(string(r.appendJSON(nil)))
	o, _, _ := options(f)
	replay, err := NewReplay(o)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, line string) {
		r, err := parseReject([]byte(line))
		if err != nil {
			return
		}
		_ = r.Type()
		if _, _, err := replay.Take(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	})
}
